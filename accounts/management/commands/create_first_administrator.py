"""`manage.py create_first_administrator`: asks at a terminal, otherwise reads options and FIRST_PASSWORD."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from accounts.roles import Role
from audit.models import Act, AuditEntry

HOW = (
    "Nobody can sign in yet. Create the first administrator:\n"
    "  FIRST_PASSWORD=… .venv/bin/python manage.py create_first_administrator"
    ' --email you@example.org --name "Your name"\n'
    "Add --hires if you also hire, and --interviews if you also interview."
)


class Command(BaseCommand):
    help = "Create the first administrator. Everyone else is invited under People."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", default="")
        parser.add_argument("--name", default="")
        parser.add_argument("--hires", action="store_true", help="Also a hiring manager.")
        parser.add_argument("--interviews", action="store_true", help="Also an interviewer.")

    def handle(self, *args: Any, **options: Any) -> None:
        email, name = options["email"].strip(), options["name"].strip()
        hires, interviews = options["hires"], options["interviews"]
        if administrator := User.objects.with_role(Role.ADMINISTRATOR).first():
            if email or name:
                raise CommandError(f"{administrator} is already an administrator and can invite others, under People.")
            return  # `./run serve` calls it at each start
        if sys.stdin.isatty():
            self.stdout.write("The first administrator. Others are invited later, under People.")
            email = email or self._ask("Email: ", _check_email)
            name = name or self._ask("Name: ", _check_name)
            hires = hires or self._ask_yes("Do you also hire: open roles, read scorecards, decide? [y/N] ")
            interviews = interviews or self._ask_yes("Do you also interview candidates? [y/N] ")
            password = self._ask_password(User(email=email, name=name))
        elif not email or not name:
            self.stdout.write(HOW)
            return
        else:
            password = os.environ.get("FIRST_PASSWORD") or sys.stdin.readline().rstrip("\n")
            if not password:
                raise CommandError("Set FIRST_PASSWORD, or pass the password on standard input.")
        also = [*([Role.HIRING_MANAGER] if hires else []), *([Role.INTERVIEWER] if interviews else [])]
        self._create(email, name, password, (Role.ADMINISTRATOR, *also))

    def _create(self, email: str, name: str, password: str, roles: tuple[Role, ...]) -> None:
        try:
            _check_email(email)
            _check_name(name)
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError("This email is already in use.")
        with transaction.atomic():
            person = User.objects.create_user(email, password, name=name, roles=roles)
            AuditEntry.objects.record(Act.FIRST_ADMINISTRATOR, at=timezone.now(), person=person, email=person.email)
        self.stdout.write(
            f"{name} can sign in as {email}, as {get_text_list([role.lower() for role in roles], 'and')}."
        )

    def _ask(self, question: str, check: Any) -> str:
        while True:
            answer = input(question).strip()
            try:
                check(answer)
            except ValidationError as error:
                self.stdout.write(" ".join(error.messages))
            else:
                return answer

    def _ask_yes(self, question: str) -> bool:
        while (answer := input(question).strip().lower()) not in ("", "y", "yes", "n", "no"):
            self.stdout.write("Answer y or n.")
        return answer in ("y", "yes")

    def _ask_password(self, person: User) -> str:
        while True:
            password = getpass.getpass("Password, at least 10 characters: ")
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.stdout.write(" ".join(error.messages))
                continue
            if getpass.getpass("Repeat the password: ") == password:
                return password
            self.stdout.write("The passwords don’t match.")


def _check_email(email: str) -> None:
    validate_email(email)


def _check_name(name: str) -> None:
    if not name:
        raise ValidationError("Enter a name.")
    if len(name) > 120:
        raise ValidationError("A name can have up to 120 characters.")
