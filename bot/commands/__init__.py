"""What people can say: one explicit table, in the order of the help."""

from bot.command import Command
from bot.commands.access import access, allow, deny, join, switch
from bot.commands.accounts import (
    accounts,
    deleteaccount,
    disable,
    enable,
    invite,
    resetpassword,
    role,
)
from bot.commands.automated import workflow
from bot.commands.basics import cancel, help_, privacy
from bot.commands.broadcast import broadcast
from bot.commands.build import edit, trial
from bot.commands.connect import connect
from bot.commands.contents import CONTENTS, pay
from bot.commands.data import export, forgetme, unsay
from bot.commands.forms import answer, step
from bot.commands.home import home
from bot.commands.inline import chosen, inline
from bot.commands.inventory import installations, keys, places
from bot.commands.kits import kit
from bot.commands.letters import dead_, deliveries, drop, replay
from bot.commands.library import delete, favourite, history, show
from bot.commands.logos import logo
from bot.commands.looks import style
from bot.commands.make import qr
from bot.commands.menus import card, download, exactly, files, instead, more
from bot.commands.operating import as_, audit
from bot.commands.people import block, forget, people, person, unblock
from bot.commands.posting import post
from bot.commands.preview import preview
from bot.commands.proving import prove
from bot.commands.reading import again, file, read, scanned
from bot.commands.reproving import reprove
from bot.commands.restyling import colours, looks, restyle
from bot.commands.settings import language, settings
from bot.commands.start import start, try_, use
from bot.commands.statistics import stats

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
        *(
            forgetme,
            cancel,
            show,
            favourite,
            delete,
            looks,
            colours,
            restyle,
            use,
            try_,
            instead,
            answer,
            step,
        ),
        *(again, file, inline, chosen, preview, scanned, card, files, download, more, exactly, unsay, post),
        *(workflow, home, edit, trial),
        *(
            invite,
            accounts,
            disable,
            enable,
            role,
            resetpassword,
            deleteaccount,
            allow,
            deny,
            access,
            join,
            switch,
        ),
        *(audit, as_, people, person, block, unblock, forget),
        *(deliveries, dead_, replay, drop, keys, installations, places, broadcast, stats, reprove),
    )
}
