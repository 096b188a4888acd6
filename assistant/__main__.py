from assistant.commands.cli import main

main()
