"""People in the car: signing in by security code, guests, keys, and the profile that comes along with a person."""

import secrets
from typing import TYPE_CHECKING, Any

import msgspec

from vettura_car.condition import KEYS, BeforeGuest, KeyMemory, factory_settings
from vettura_car.errors import NotPossible
from vettura_wire import events
from vettura_wire.payloads import Reply
from vettura_wire.security_code import CodeChallenge, prove
from vettura_wire.settings import LISTS, SCALES, TEMPERATURE, SettingValue, fits

if TYPE_CHECKING:
    from vettura_car.car import Car

SIGN_INS = frozenset({events.SIGN_IN_REQUESTED, events.SECURITY_CODE_REQUESTED, events.SECURITY_CODE_PROOF})
"""What a person asked for who waits to be signed in."""


class Profiles:
    """The people of one car. What was typed as a code is held until the platform's challenge comes, and never on disk."""

    def __init__(self, car: "Car") -> None:
        self._car = car
        self._typed: str | None = None

    # -- signing in --------------------------------------------------------------------------------------------------

    def sign_in(self, code: str, *, email: str = "", account_id: str = "") -> None:
        """
        This will ask for a challenge to prove the typed code; the answer comes into the car's ``request``.

        Refuses (code_digits) anything but the digits of a security code, (email_missing) nobody named, privacy mode, and
        (nothing_to_do) a car that takes pairing codes.
        """
        car = self._car
        if not car.is_signed_in_to_by_code:
            raise NotPossible("nothing_to_do")
        if not (len(code) == car.build.pack.terms.security_code_length and code.isascii() and code.isdigit()):
            raise NotPossible("code_digits")
        if not account_id and "@" not in email:
            raise NotPossible("email_missing")
        car.ask(events.SECURITY_CODE_REQUESTED, {"account_id": account_id} if account_id else {"email": email.strip()})
        self._typed = code

    def answer_challenge(self, reply: Reply) -> bool:
        """This will prove the typed code if the reply is a challenge; the code is forgotten in any case."""
        code, self._typed = self._typed, None
        try:
            challenge = msgspec.convert(reply.body, CodeChallenge)
            if code is None or self._car.condition.privacy_on:
                return False
            proof = prove(challenge, vin=self._car.vin, code=code, private=secrets.token_bytes(32))
        except (msgspec.ValidationError, ValueError):
            return False
        self._car.ask(events.SECURITY_CODE_PROOF, msgspec.to_builtins(proof))
        return True

    def forget_typed(self) -> None:
        """This will forget a code that nobody asked for in time."""
        self._typed = None

    def signed_in(self) -> None:
        """This will follow a new users document: a guest ends when somebody signed in, the key remembers, the profile comes."""
        car = self._car
        request = car.request
        is_awaited = request is not None and request.type in SIGN_INS
        if not is_awaited and any(event.type == events.SIGNED_OUT for event in car.condition.pending_events):
            # the platform has not heard of the good-bye yet: what it says of the person is old
            self._leave_nobody()
        if is_awaited and car.users.signed_in is not None and car.condition.guest:
            self._put_back()
        self.remember_on_key()
        self.apply()

    def sign_out(self) -> None:
        """This will leave nobody signed in and nothing personal in the car: neither document nor lists."""
        self._leave_nobody()
        self._car.destinations.leave()
        if (profile := self._car.condition.documents.get(events.SETTINGS)) is not None:
            profile.body = {}
        self.apply()

    def _leave_nobody(self) -> None:
        documents = self._car.condition.documents
        if (users := documents.get(events.USERS)) is not None:
            users.body = {**users.body, "signed_in": None, "visitor": None}

    # -- guests ------------------------------------------------------------------------------------------------------

    def start_guest(self) -> None:
        """This will open a guest session with empty lists: what a guest sets is gone when it ends (TAY-004 to TAY-006)."""
        c = self._car.condition
        if c.guest:
            return
        c.before_guest = BeforeGuest(
            ticks=dict(c.ticks),
            choices=dict(c.choices),
            settings=_scales(c.settings),
            target_temperature=c.target_temperature,
        )
        c.guest = True
        self.remember_on_key()
        self.apply()

    def end_guest(self) -> None:
        """This will end the guest session and put back what was set before it (TAY-005, TAY-006)."""
        self._put_back()
        self.apply()

    def _put_back(self) -> None:
        c = self._car.condition
        before, c.before_guest, c.guest = c.before_guest, None, False
        if before is not None:
            c.ticks, c.choices, c.target_temperature = before.ticks, before.choices, before.target_temperature
            c.settings = factory_settings() | before.settings
        c.profile_of = None

    # -- keys --------------------------------------------------------------------------------------------------------

    def take_key(self, key: str) -> None:
        """This will have another key in the car; it proposes who used it last (TAY-011). Refuses (unknown_option) others."""
        if key not in KEYS:
            raise NotPossible("unknown_option")
        self._car.condition.key = key

    def remember_on_key(self) -> None:
        """This will write on the key who uses the car now, account or guest and nothing else (TAY-009, TAY-010)."""
        car = self._car
        person = car.signed_in
        if person is not None:
            car.condition.keys[car.condition.key] = KeyMemory(account_id=person.account_id, name=person.name)
        elif car.condition.guest:
            car.condition.keys[car.condition.key] = KeyMemory(is_guest=True)

    # -- settings ----------------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """
        This will put the profile of whoever is signed in to use (TAY-003, TAY-013).

        Seat and climate stay where they are if the profile does not say; lists are empty but for their owner. What the
        person has changed here and the platform has not heard yet counts before the document.
        """
        car = self._car
        c = car.condition
        person = car.signed_in
        if person is None:
            if c.profile_of is not None or not c.guest:
                c.settings = factory_settings() | _scales(c.settings)
            c.profile_of = None
            return
        profile = car.profile
        known = profile.settings if profile.account_id == person.account_id else {}
        told = {name: value for name, value in known.items() if fits(name, value)}
        for event in c.pending_events:
            if event.type == events.SETTINGS_CHANGED and event.data.get("account_id") == person.account_id:
                told |= event.data["settings"]
        c.settings = factory_settings() | _scales(c.settings) | told
        c.profile_of = person.account_id
        if TEMPERATURE in told:
            c.target_temperature = float(told[TEMPERATURE])

    def set(self, name: str, value: SettingValue) -> None:
        """
        This will set seat, climate or a list; with somebody signed in it is kept in the account (TAY-012).

        Refuses (unknown_option) what does not fit, (sign_in_first) lists while there is neither person nor guest, and
        with its reason a list whose service is not active (USR-014, TAY-015).
        """
        car = self._car
        if not fits(name, value):
            raise NotPossible("unknown_option")
        person = car.signed_in
        if name in LISTS:
            if person is None and not car.condition.guest:
                raise NotPossible("sign_in_first")
            standing = car.entitlement.of(LISTS[name])
            if standing.reason is not None:
                raise NotPossible(standing.reason)
        car.condition.settings = {**car.condition.settings, name: value}
        if name == TEMPERATURE and isinstance(value, int | float):
            car.condition.target_temperature = float(value)
        if person is not None:
            car.say(events.SETTINGS_CHANGED, {"account_id": person.account_id, "settings": {name: value}})

    def step(self, name: str, direction: int) -> None:
        """This will move a seat or climate setting by one step, up to its end."""
        if name not in SCALES:
            raise NotPossible("unknown_option")
        scale = SCALES[name]
        wanted = self._car.condition.settings[name] + direction * scale.step
        self.set(name, min(scale.most, max(scale.least, wanted)))

    def add(self, name: str, entry: str) -> None:
        """This will put an entry at the end of a list, once. Refuses (unknown_option) an empty or too long one."""
        entries = self._list(name)
        self.set(name, entries if entry.strip() in entries else [*entries, entry.strip()])

    def remove(self, name: str, entry: str) -> None:
        """This will take an entry out of a list."""
        self.set(name, [each for each in self._list(name) if each != entry])

    def _list(self, name: str) -> list[str]:
        if name not in LISTS:
            raise NotPossible("unknown_option")
        return list(self._car.condition.settings[name])


def _scales(settings: dict[str, Any]) -> dict[str, Any]:  # Any: numbers, and lists that are left out
    return {name: value for name, value in settings.items() if name in SCALES}
