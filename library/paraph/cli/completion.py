"""`paraph completion`."""

import click
from click.shell_completion import get_completion_class

HOW = """\b
bash   eval "$(paraph completion bash)"     in ~/.bashrc
zsh    eval "$(paraph completion zsh)"      in ~/.zshrc
fish   paraph completion fish | source      in ~/.config/fish/config.fish
"""


@click.command(epilog=HOW)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, *, shell: str) -> int:
    """Print what makes a shell complete our commands and options."""
    script = get_completion_class(shell)
    assert script  # noqa: S101  click knows the three shells
    root = context.find_root()
    click.echo(script(root.command, {}, str(root.info_name), "_PARAPH_COMPLETE").source())
    return 0
