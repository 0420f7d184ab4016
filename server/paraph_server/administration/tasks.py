"""The worker's part in a forgotten password: whoever asks waits equally long for a known address and an unknown one."""

from django.utils import timezone
from procrastinate.contrib.django import app

from paraph_server.administration.actions import forgotten
from paraph_server.journal.reactions import Patience


@app.task(retry=Patience())
def send_link(email: str, address: str) -> None:
    forgotten.send_link(email, address=address, at=timezone.now())
