"""The command line: `paraph sign`, `seal`, `extend`, `timestamp`, `validate` and the others in `COMMANDS`.

A command is a file of its own and is imported when it is called, so that `paraph --help` costs next to nothing.
"""

import sys
from collections.abc import Sequence

import click

from paraph.cli.commands import Commands
from paraph.cli.exits import Exit
from paraph.errors import InputError, ParaphError, Unavailable
from paraph.formats.text import legible

EPILOGUE = """\b
Exit codes:
  0  done, and the answer is yes
  1  the answer is no: not valid, refused, failed
  2  bad input or usage
  3  a service is unavailable: try again
"""

COMMANDS = {
    "sign": "Sign files of any kind: PDF, XML, and all others.",
    "seal": "Seal many PDFs: files, folders, patterns.",
    "extend": "Keep signed files provable for longer: B-T, B-LT, B-LTA.",
    "timestamp": "Time-stamp any file, or verify a time-stamp.",
    "inspect": "Tell what files and their signatures say of themselves.",
    "validate": "Judge the signatures of PDFs.",
    "workflow": "Have documents signed by others, through a server.",
    "pki": "Be a small certificate authority, and read certificates.",
    "evidence": "Show and verify evidence files.",
    "doctor": "Check that everything here is well.",
    "completion": "Have the shell complete commands and options.",
}

paraph = Commands(
    "paraph",
    package="paraph.cli",
    table=COMMANDS,
    help="Sign, seal, time-stamp and validate documents, and check the evidence of how they were signed.",
    epilog=EPILOGUE,
)


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; what stands in its way is one line, never a trace."""
    try:
        return int(paraph.main(list(arguments), prog_name="paraph", standalone_mode=False) or Exit.DONE)
    except click.ClickException as error:
        error.show()
        return Exit.BAD_INPUT
    except click.Abort:
        return Exit.INTERRUPTED
    except ParaphError as error:
        return _leave(error, exit_of(error))
    except OSError as error:
        return _leave(f"{error.filename}: {error.strerror}" if error.filename else error, Exit.BAD_INPUT)


def exit_of(error: ParaphError) -> Exit:
    if isinstance(error, Unavailable):
        return Exit.UNAVAILABLE
    return Exit.BAD_INPUT if isinstance(error, InputError) else Exit.NO


def _leave(error: object, code: Exit) -> Exit:
    click.echo(f"paraph: {legible(error)}", err=True)
    return code
