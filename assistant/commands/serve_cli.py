"""The command that serves the page, and who is let in."""

import os
import secrets
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pydantic import SecretStr

from assistant.commands.terminal import EnvFileOption, LibraryOption, opened, say, settings_of
from assistant.prompts import packaged
from vectorstore.allocator import give_back_memory
from vectorstore.errors import AssistantError
from vectorstore.servers import is_loopback

_EXPOSED = (
    "{} can read your listings and conversations, change and delete them, add files, and ask models with your keys."
    " The connection is not encrypted: on a network that others listen to, put a server with TLS before it."
)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; others can reach it unless it is loopback.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 7860,
    token: Annotated[bool, typer.Option("--token", help="Ask for a token, which the printed address has.")] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password: ASSISTANT_PASSWORD, or what you type now.")
    ] = False,
    no_auth: Annotated[bool, typer.Option("--no-auth", help="Let everybody in; with --i-know.")] = False,
    i_know: Annotated[bool, typer.Option("--i-know", help="You know what --no-auth means.")] = False,
    allowed_host: Annotated[
        list[str] | None, typer.Option("--allowed-host", metavar="NAME", help="Another name of this server.")
    ] = None,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
) -> None:
    """Serve the chat in the browser."""
    secret = SecretStr(secrets.token_urlsafe()) if token else settings_of(library, env_file).password or None
    if secret is None and password:
        secret = SecretStr(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    if not is_loopback(host):
        if secret is None and not (no_auth and i_know):
            raise AssistantError(
                f"Others can reach {host or 'every address of this machine'}: let the page ask for a password with"
                " --password or ASSISTANT_PASSWORD, or for a token with --token; or let everybody in with"
                " --no-auth --i-know."
            )
        who = "Who has the password or token" if secret else "Everybody who reaches this machine"
        say(_EXPOSED.format(who))
    give_back_memory()
    with TemporaryDirectory(prefix="research-assistant-") as temporary:
        os.environ["GRADIO_TEMP_DIR"] = temporary  # read by its import; else uploads are where all users put theirs
        from assistant.ui.page import serve_page

        with opened(library, env_file, in_background=True) as assistant:
            serve_page(
                assistant,
                host=host,
                port=port,
                names=allowed_host or (),
                secret=secret,
                shown=token,
                seeds=packaged("seeds"),
            )
