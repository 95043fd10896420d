"""Accounts as a machine: whatever is done in whatever order, each thing lets in whom and when it is to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from bot.accounts.caller import SCOPES, Caller, Missing, Taken, Unauthenticated
from bot.accounts.forgetting import forget
from bot.accounts.keys import keys_of, make_key, revoke
from bot.accounts.passwords import change_password
from bot.accounts.sessions import (
    IDLE,
    NOTED,
    WHOLE,
    end_session,
    log_in,
    log_out,
    log_out_everywhere,
    of_bearer,
    of_page,
    open_page,
    refreshed,
    sessions_of,
    tokens_for,
)
from bot.accounts.signing_up import sign_up
from bot.accounts.tokens import LIFE
from bot.context import Context
from storage.account import ChangeUser
from storage.account_tables import api_keys, users
from storage.changes import AddCode, Change, DeleteCode, SetFavourite, Stale
from storage.housekeeping import EXPIRED, tidy
from storage.tables import codes, identities, people
from tests.accounts.model import CASES, Holding, Person, Session, coded
from tests.core.talking import passed

SLOTS = st.integers(0, 1)  # whose turn it is
NTH = st.integers(0, 3)  # which of what they hold


class Machine(Holding):
    """What can be done, and what is true after each of it."""

    @initialize()
    def begins(self) -> None:
        """Two are there, and logged in with a program and a browser."""
        for slot in (0, 1):
            self.signs_up(slot)
            for page in (False, True):
                self.logs_in(slot, page)

    # --- accounts -------------------------------------------------------------------------------------------

    @rule(slot=SLOTS)
    def signs_up(self, slot: int) -> None:
        """An address makes one account."""
        email, person = f"Person{slot}@example.org", self.people[slot]
        if person is not None:
            self.fails(sign_up(self.accounts, email.upper(), "another password"), Taken)
            return
        password = f"password number {next(self.numbers)}"
        self.people[slot] = Person(self.run(sign_up(self.accounts, email, password)), password)

    @rule(slot=SLOTS, page=st.booleans())
    def logs_in(self, slot: int, page: bool) -> None:
        """With the password that holds now, where the account is not disabled; with no other."""
        person, now = self.people[slot], self.now
        email = f"person{slot}@EXAMPLE.org"
        for old in self.past:
            self.fails(log_in(self.accounts, email, old.password, ""), Unauthenticated)
        if person is None or person.user.disabled:
            said = person.password if person is not None else "no password"
            self.fails(log_in(self.accounts, email, said, ""), Unauthenticated)
            return
        self.fails(log_in(self.accounts, email, person.password + "x", ""), Unauthenticated)
        user = self.run(log_in(self.accounts, email, person.password, ""))
        assert user == person.user
        if page:
            cookie = self.run(open_page(self.accounts, user))
            person.sessions.append(Session(cookie[:16], [cookie], now, now, now + IDLE, page))
        else:
            given = self.run(tokens_for(self.accounts, user))
            begun = Session(given.refresh[4:20], [given.refresh], now, now, now + IDLE, page)
            begun.access.append((given.access, now + LIFE))
            person.sessions.append(begun)

    @rule(slot=SLOTS)
    def changes_password(self, slot: int) -> None:
        """All sessions end; keys stay."""
        if (person := self.people[slot]) is not None:
            new = f"password number {next(self.numbers)}"
            person.user = self.run(change_password(self.accounts, person.caller, person.password, new))
            person.password = new
            self._all_over(person)

    @rule(slot=SLOTS)
    def logs_out_everywhere(self, slot: int) -> None:
        """All sessions end; what knew the account as it was is stale."""
        if (person := self.people[slot]) is not None:
            before = person.caller
            self.run(log_out_everywhere(self.accounts, before))
            self.fails(log_out_everywhere(self.accounts, before), Stale)
            person.user = replace(person.user, version=person.user.version + 1)
            self._all_over(person)

    def _all_over(self, person: Person) -> None:
        for session in person.sessions:
            session.over = True

    @rule(slot=SLOTS)
    def is_disabled_or_not_any_more(self, slot: int) -> None:
        """Nothing lets in meanwhile; nothing of it ends."""
        if (person := self.people[slot]) is not None:
            after = replace(person.user, disabled=not person.user.disabled)
            self.run(self.accounts.commit(ChangeUser(person.user, after)))
            person.user = after

    @rule(slot=SLOTS)
    def is_deleted(self, slot: int) -> None:
        """With the password; what comes late for it brings nothing back."""
        if (person := self.people[slot]) is not None:
            self.run(forget(self.accounts, person.caller, person.password))
            person.gone, self.people[slot] = True, None
            self.past.append(person)
            self.fails(forget(self.accounts, person.caller, person.password), Missing)
            self.fails(make_key(self.accounts, person.caller, "late", SCOPES), Stale)
            self.fails(self.does(person, coded), Stale)

    # --- sessions and keys ----------------------------------------------------------------------------------

    @rule(slot=SLOTS, nth=NTH, old=st.booleans())
    def refreshes(self, slot: int, nth: int, old: bool) -> None:
        """The token that holds gives a pair; one that was used ends its family."""
        if (found := self.session(slot, nth)) is None or found[1].page:
            return
        (person, session), now = found, self.now
        lasts = not session.over and now < session.until and not person.user.disabled
        if old and len(session.secrets) > 1:
            self.fails(refreshed(self.accounts, session.secrets[0]), Unauthenticated)
            session.over = session.over or lasts
        elif not lasts:
            self.fails(refreshed(self.accounts, session.secrets[-1]), Unauthenticated)
        else:
            given = self.run(refreshed(self.accounts, session.secrets[-1]))
            session.secrets.append(given.refresh)
            session.access.append((given.access, now + LIFE))
            session.used, session.until = now, min(now + IDLE, session.created + WHOLE)

    @rule(slot=SLOTS, nth=NTH, other=SLOTS)
    def ends_a_session(self, slot: int, nth: int, other: int) -> None:
        """One's own: by logging out, or from elsewhere; never somebody else's."""
        if (found := self.session(slot, nth)) is None:
            return
        person, session = found
        if other != slot and (stranger := self.people[other]) is not None:
            self.fails(end_session(self.accounts, stranger.caller, session.id), Missing)
        if session.over or self.now >= session.until:
            self.fails(end_session(self.accounts, person.caller, session.id), Missing)
        elif nth % 2:
            self.run(log_out(self.accounts, Caller(person.user, session=session.id)))
        else:
            self.run(end_session(self.accounts, person.caller, session.id))
        session.over = True

    @rule(slot=SLOTS, scopes=st.sets(st.sampled_from(list(SCOPES)), min_size=1), hours=st.integers(0, 900))
    def makes_a_key(self, slot: int, scopes: set[str], hours: int) -> None:
        """For good, or for a while; it has the scopes that were asked for."""
        if (person := self.people[slot]) is not None:
            until = self.now + timedelta(hours=hours) if hours else None
            key, text = self.run(make_key(self.accounts, person.caller, "key", scopes, until))
            assert set(key.scopes) == scopes
            person.keys[text] = key.id, until

    @rule(slot=SLOTS, nth=NTH, other=SLOTS)
    def revokes_a_key(self, slot: int, nth: int, other: int) -> None:
        """One's own, once."""
        if (person := self.people[slot]) is None or not person.keys:
            return
        text, (id, _) = list(person.keys.items())[nth % len(person.keys)]
        if other != slot and (stranger := self.people[other]) is not None:
            self.fails(revoke(self.accounts, stranger.caller, id), Missing)
        self.run(revoke(self.accounts, person.caller, id))
        self.fails(revoke(self.accounts, person.caller, id), Missing)
        del person.keys[text]
        person.revoked.append(text)

    # --- codes, and time ------------------------------------------------------------------------------------

    @rule(slot=SLOTS)
    def makes_a_code(self, slot: int) -> None:
        """As a route does."""
        if (person := self.people[slot]) is not None:
            [change] = self.run(self.does(person, coded)).changes
            assert isinstance(change, AddCode)
            person.codes[change.code.id] = False

    @rule(slot=SLOTS, nth=NTH, other=SLOTS, delete=st.booleans())
    def favours_or_deletes_a_code(self, slot: int, nth: int, other: int, delete: bool) -> None:
        """One's own; a stranger's is none."""
        if (person := self.people[slot]) is None or not person.codes:
            return
        id, favourite = list(person.codes.items())[nth % len(person.codes)]

        def changed(context: Context) -> Change:
            mine = context.person.id
            return DeleteCode(id, mine) if delete else SetFavourite(id, mine, not favourite)

        if other != slot and (stranger := self.people[other]) is not None:
            self.fails(self.does(stranger, changed), Stale)
        self.run(self.does(person, changed))
        person.codes[id] = not favourite
        if delete:
            del person.codes[id]

    @rule(hours=st.sampled_from([0.2, 0.3, 1, 5, 200, 400, 700]))
    def time_passes(self, hours: float) -> None:
        """Minutes to a month."""
        passed(self.core, hours=hours)

    @rule()
    def house_is_kept(self) -> None:
        """Only what has had its time goes, which lets nobody in any more."""

        async def kept() -> None:
            async with self.core.store.writing() as work:
                await tidy(work.connection, self.now)

        self.run(kept())
        for person in filter(None, self.people):
            gone = [text for text, (_, until) in person.keys.items() if until and until + EXPIRED <= self.now]
            person.revoked += [text for text in gone if person.keys.pop(text)]

    # --- what is true ---------------------------------------------------------------------------------------

    @invariant()
    def each_thing_lets_in_whom_it_is_to(self) -> None:
        """And nobody else: what ended, is over, was revoked or was somebody's who is gone lets nobody in."""
        self.run(self._lets_in())

    async def _lets_in(self) -> None:
        for person in (*filter(None, self.people), *self.past):
            shut = person.gone or person.user.disabled
            for session in person.sessions:
                lasts = not shut and not session.over and self.now < session.until
                known = Caller(person.user, session=session.id)
                for token, until in session.access:
                    assert await self._who(token) == (known if lasts and self.now < until else None)
                if session.page:
                    assert await of_page(self.accounts, session.secrets[0]) == (known if lasts else None)
                    if lasts and self.now - session.used >= NOTED:
                        session.used, session.until = self.now, self.now + IDLE
            for text, (_, end) in person.keys.items():
                found = await self._who(text)
                assert (found and found.user) == (None if shut or (end and end <= self.now) else person.user)
            for text in person.revoked:
                assert await self._who(text) is None
        await asyncio.gather(*self.accounts.aside.values())

    async def _who(self, bearer: str) -> Caller | None:
        try:
            return await of_bearer(self.accounts, bearer)
        except Unauthenticated:
            return None

    @invariant()
    def each_sees_what_is_theirs_and_nothing_is_left_of_who_is_gone(self) -> None:
        """Sessions, keys and codes as known; as many rows as of those who are there."""
        self.run(self._sees())

    async def _sees(self) -> None:
        here = [person for person in self.people if person is not None]
        async with self.core.store.reading() as work:
            for person in here:
                owner = await work.people.by_account("account", person.user.id)
                assert owner is not None
                page = await work.codes.page(owner.id, limit=100)
                assert {each.id: each.favourite for each in page.codes} == person.codes
            held = {
                table.name: await work.connection.scalar(select(func.count()).select_from(table))
                for table in (users, people, identities, api_keys, codes)
            }
        assert held == {
            **dict.fromkeys(("users", "people", "identities"), len(here)),
            "api_keys": sum(len(person.keys) for person in here),
            "codes": sum(len(person.codes) for person in here),
        }
        for person in here:
            lasting = {each.id for each in person.sessions if not each.over and self.now < each.until}
            assert {each.id for each in await sessions_of(self.accounts, person.caller)} == lasting
            listed = {each.id for each in await keys_of(self.accounts, person.caller)}
            assert listed == {id for id, _ in person.keys.values()}


def test_accounts_keep_what_they_promise_in_whatever_order(blank: Path, tmp_path: Path) -> None:
    """On a real store, with time passing."""
    machine = cast(type[Machine], lambda: Machine(blank, tmp_path))
    run_state_machine_as_test(machine, settings=CASES)
