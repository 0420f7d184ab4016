"""The agent's questions in a window of its own (Tk): nothing of it is drawn by a page or by the browser."""

import queue
import threading
import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Any, TypeVar

from paraph_agent import links, windows
from paraph_agent.cards import Card, Credential
from paraph_agent.errors import AgentError, Cancelled
from paraph_agent.links import Invitation
from paraph_agent.messages import Request
from paraph_agent.remembered import Remembered
from paraph_agent.texts import say

T = TypeVar("T")
_WIDTH = 560  # pixels, before the screen's own scale
_TICK = 50  # milliseconds


class Desktop:
    """One window; each question replaces the one before."""

    def __init__(self) -> None:
        try:
            self._root = tk.Tk(className="Paraph Agent")
        except tk.TclError as fault:
            raise RuntimeError(str(fault)) from None
        self._root.title("Paraph Agent")
        self._root.minsize(_WIDTH, 200)
        self._answer = tk.StringVar(self._root, "")
        self._root.protocol("WM_DELETE_WINDOW", lambda: self._answer.set("no"))
        self._root.bind("<Escape>", lambda _event: self._answer.set("no"))
        self._frame = ttk.Frame(self._root)

    def ask_invitation(self, known: Sequence[Remembered]) -> Invitation:
        fault = ""
        while True:
            self._clear(say("Sign with your card"))
            self._line(say("Type what the signing page shows: its address, and its code."))
            self._fault(fault)
            page = self._field(say("Address of the signing page"), known[0].origin if known else "https://")
            code = self._field(say("Code that the signing page shows"))
            self._ask(say("Continue"))
            try:
                return Invitation(links.origin(page.get()), links.code(code.get()), by_link=False)
            except AgentError as error:
                fault = str(error)

    def confirm(self, request: Request, invitation: Invitation, known: Remembered | None) -> None:
        fault = ""
        while True:
            self._clear(say("Do you want to sign this?"))
            origin, before, asks = windows.who_asks(request, invitation, known)
            self._line(origin, "Origin.TLabel")
            self._line(before, "Soft.TLabel" if known else "Warning.TLabel")
            self._line(asks)
            self._list(windows.what_is_signed(request))
            self._fault(fault)
            check = self._field(say("Number that the signing page shows")) if invitation.by_link else None
            self._ask(say("Yes, continue"))
            if check is None or check.get().strip() == request.check:
                return
            fault = say("The signing page shows another number. If it shows none, cancel.")

    def choose(self, credentials: Sequence[Credential]) -> Credential:
        if len(credentials) == 1:
            return credentials[0]
        self._clear(say("Which certificate?"))
        chosen = tk.IntVar(self._root, 0)
        for number, each in enumerate(credentials):
            ttk.Radiobutton(self._frame, text=windows.about(each), variable=chosen, value=number).pack(anchor="w")
        self._ask(say("Continue"))
        return credentials[chosen.get()]

    def ask_pin(self, card: Card, *, wrong: bool) -> str:
        while True:
            self._clear(say("PIN of {card}", card=card.label))
            self._line(say("The PIN goes to the card, and nowhere else."))
            self._fault(windows.about_tries(card, wrong=wrong))
            pin = self._field(say("PIN"), hidden=True)
            self._ask(say("Sign"))
            if typed := pin.get():
                pin.set("")
                return typed

    def ask_again(self, fault: AgentError) -> None:
        self._clear(say("Not yet"))
        self._fault(str(fault))
        self._ask(say("Try again"))

    def during(self, what: str, work: Callable[[], T]) -> T:
        """The work is done in a thread, so that the window stays alive."""
        self._clear(what)
        bar = ttk.Progressbar(self._frame, mode="indeterminate")
        bar.pack(fill="x", pady=12)
        bar.start(_TICK)
        results: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        threading.Thread(target=_carried_out, args=(work, results), daemon=True).start()
        while results.empty():
            done = tk.BooleanVar(self._root, value=False)
            self._root.after(_TICK, done.set, True)
            self._root.wait_variable(done)
        result, fault = results.get()
        if fault:
            raise fault
        return result  # type: ignore[no-any-return]

    def tell(self, message: str) -> None:
        self._clear(message)
        self._buttons((say("Close"), "yes"))
        self._wait()

    # ------------------------------------------------------------ parts of a window

    def _clear(self, title: str) -> None:
        self._frame.destroy()
        self._frame = ttk.Frame(self._root, padding=24)
        self._frame.pack(fill="both", expand=True)
        style = ttk.Style(self._root)
        style.configure("Title.TLabel", font=("TkDefaultFont", 14, "bold"))
        style.configure("Origin.TLabel", font=("TkFixedFont", 13, "bold"))
        style.configure("Soft.TLabel", foreground="#555")
        style.configure("Warning.TLabel", foreground="#8a4b00")
        style.configure("Fault.TLabel", foreground="#a4001d")
        self._line(title, "Title.TLabel")

    def _line(self, text: str, style: str = "TLabel") -> None:
        label = ttk.Label(self._frame, text=text, style=style, wraplength=_WIDTH - 48, justify="left")
        label.pack(anchor="w", pady=(0, 10))

    def _fault(self, text: str) -> None:
        if text:
            self._line(text, "Fault.TLabel")

    def _list(self, lines: Sequence[str]) -> None:
        box = ttk.Frame(self._frame)
        box.pack(fill="both", expand=True, pady=(0, 10))
        shown = tk.Text(box, width=1, height=min(len(lines) + 1, 10), wrap="word", relief="flat", font="TkDefaultFont")
        bar = ttk.Scrollbar(box, command=shown.yview)
        shown.configure(yscrollcommand=bar.set)
        shown.insert("1.0", "\n".join(f"• {each}" for each in lines))
        shown.configure(state="disabled")
        bar.pack(side="right", fill="y")
        shown.pack(side="left", fill="both", expand=True)

    def _field(self, label: str, text: str = "", *, hidden: bool = False) -> tk.StringVar:
        value = tk.StringVar(self._root, text)
        ttk.Label(self._frame, text=label).pack(anchor="w")
        entry = ttk.Entry(self._frame, textvariable=value, show="•" if hidden else "")
        entry.pack(fill="x", pady=(0, 10))
        entry.focus_set()
        entry.bind("<Return>", lambda _event: self._answer.set("yes"))
        return value

    def _buttons(self, *buttons: tuple[str, str]) -> None:
        row = ttk.Frame(self._frame)
        row.pack(fill="x", side="bottom")
        for text, answer in buttons:
            ttk.Button(row, text=text, command=lambda given=answer: self._answer.set(given)).pack(  # type: ignore[misc]
                side="right", padx=(8, 0)
            )

    def _ask(self, yes: str) -> None:
        self._buttons((yes, "yes"), (say("Cancel"), "no"))
        if self._wait() == "no":
            raise Cancelled

    def _wait(self) -> str:
        self._root.deiconify()
        self._root.lift()
        self._root.wait_variable(self._answer)
        return self._answer.get()


def _carried_out(work: Callable[[], T], results: "queue.SimpleQueue[tuple[Any, BaseException | None]]") -> None:
    try:
        results.put((work(), None))
    except BaseException as fault:  # noqa: BLE001  it is raised again where it was waited for
        results.put((None, fault))
