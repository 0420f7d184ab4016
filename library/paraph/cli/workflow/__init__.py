"""`paraph workflow`: have documents signed by others, through a Paraph server."""

from paraph.cli.commands import Commands

EPILOGUE = """\b
Say where, and for whom; the token is never given on the command line:
  export PARAPH_API=https://paraph.example.org/api
  export PARAPH_TOKEN_FILE=~/.paraph-token        # or PARAPH_TOKEN=act_….…, or --token-fd 3

\b
Bob signs, then either Carol or Dan approves; wait for them, and fetch what they signed:
  paraph workflow create contract.pdf --name "Contract 42"
    --to "Bob Durand <bob@example.org> +33639980102"
    --to "approve, 1 of: Carol Petit <carol@example.org>, Dan Roux <dan@example.org>"
  paraph workflow send wfl_…
  paraph workflow wait wfl_…
  paraph workflow download wfl_… --output signed.pdf
  paraph workflow evidence wfl_… --output evidence.pdf
"""

workflow = Commands(
    "workflow",
    package="paraph.cli.workflow",
    table={
        "advise": "Say which level of signature suits a document, and why.",
        "create": "Prepare documents and the people who are to sign them.",
        "send": "Send a draft on its way.",
        "list": "List workflows, newest first.",
        "status": "Tell how far a workflow is, and who is asked.",
        "wait": "Wait until a workflow is finished, or stopped.",
        "invite": "Print the address at which a recipient signs.",
        "remind": "Send a recipient their invitation again.",
        "stop": "Cancel workflows that are on their way.",
        "archive": "Put workflows that have ended out of the way.",
        "download": "Fetch the signed documents.",
        "evidence": "Fetch the evidence file.",
    },
    help="Have documents signed by others, through a Paraph server.",
    epilog=EPILOGUE,
)
