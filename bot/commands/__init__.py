"""What people can say: one explicit table, in the order of the help."""

from bot.command import Command
from bot.commands.basics import cancel, help_, privacy, start
from bot.commands.connect import connect
from bot.commands.contents import CONTENTS, pay
from bot.commands.data import export, forgetme, unsay
from bot.commands.library import delete, favourite, history, show
from bot.commands.looks import kit, logo, style
from bot.commands.make import answer, qr
from bot.commands.menus import card, download, exactly, files, instead, more
from bot.commands.proving import prove
from bot.commands.reading import again, file, read
from bot.commands.restyling import colours, looks, restyle
from bot.commands.settings import language, settings

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
            prove,
            style,
            logo,
            settings,
            kit,
            history,
            connect,
            language,
            privacy,
            export,
        ),
        *(forgetme, cancel, show, favourite, delete, looks, colours, restyle, instead, answer, again, file),
        *(card, files, download, more, exactly, unsay),
    )
}
