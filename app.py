"""Start the chat UI: python app.py [--port 7860] [--library DIR]."""

import sys

from assistant.commands.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
