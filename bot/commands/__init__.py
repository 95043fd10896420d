"""What people can say: one explicit table, in the order of the help."""

from bot.command import Command
from bot.commands.basics import cancel, help_, privacy, start
from bot.commands.connect import connect
from bot.commands.contents import CONTENTS, pay
from bot.commands.data import export, forgetme
from bot.commands.library import colours, delete, favourite, history, instead, restyle, show
from bot.commands.make import answer, qr
from bot.commands.reading import again, file, read
from bot.commands.settings import kit, language, settings, style

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        *(
            start,
            help_,
            qr,
            *CONTENTS,
            pay,
            read,
            style,
            settings,
            kit,
            history,
            connect,
            language,
            privacy,
            export,
        ),
        *(forgetme, cancel, show, favourite, delete, colours, restyle, instead, answer, again, file),
    )
}
