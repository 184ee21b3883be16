"""What to install on this machine, by the package manager it has."""

import shutil
from collections.abc import Mapping

# By manager, the first that is there counts: how cron is installed and started.
CRON = {
    "dnf": "sudo dnf install cronie && sudo systemctl enable --now crond",
    "yum": "sudo yum install cronie && sudo systemctl enable --now crond",
    "apt-get": "sudo apt-get install cron",
    "zypper": "sudo zypper install cronie && sudo systemctl enable --now cron",
    "pacman": "sudo pacman -S cronie && sudo systemctl enable --now cronie",
    "apk": "sudo apk add cronie && sudo rc-update add cronie && sudo rc-service cronie start",
}
# A program named sendmail, which cron hands its mail to.
SENDMAIL = {
    "dnf": "sudo dnf install postfix && sudo systemctl enable --now postfix",
    "yum": "sudo yum install postfix && sudo systemctl enable --now postfix",
    "apt-get": "sudo apt-get install msmtp-mta",
    "zypper": "sudo zypper install postfix && sudo systemctl enable --now postfix",
    "pacman": "sudo pacman -S msmtp-mta",
    "apk": "sudo apk add postfix",
    "brew": "brew install msmtp",
}


def how_to_install(commands: Mapping[str, str], otherwise: str) -> str:
    """Give the command of the manager that this machine has; where it has none of them, what to do otherwise."""
    return next((command for manager, command in commands.items() if shutil.which(manager)), otherwise)


def has_systemd() -> bool:
    """Tell whether systemd's timers can stand in for cron."""
    return shutil.which("systemctl") is not None
