"""What the programs take on their command lines, from their own mouths, and whether a line is such a one."""

import dataclasses
import functools
import json
import os
import shlex

import programs

PROGRAMS = {"reelmill": programs.REELMILL, "reelmill-server": programs.SERVER}
# A value may be left out: all is meant.
BARE = {"--refresh"}
COMMON = {"--version", "--help", "-h", "--generate-completion-script"}


@dataclasses.dataclass
class Command:
    name: str
    facts: dict

    @property
    def shown(self):
        return [argument for argument in self.facts.get("arguments", []) if argument["shouldDisplay"]]

    @property
    def options(self):
        """Name and facts of each option and flag."""
        found = {}
        for argument in self.shown:
            for name in argument.get("names", []):
                found[("--" if name["kind"] == "long" else "-") + name["name"]] = argument
        return {name: argument for name, argument in found.items() if name not in COMMON}

    @property
    def subcommands(self):
        return {found["commandName"]: Command(f"{self.name} {found['commandName']}", found) for found in self.facts.get("subcommands", [])}

    @property
    def leaves(self):
        """All commands that do something; `help` is the parser's own."""
        below = [leaf for name, command in self.subcommands.items() if name != "help" for leaf in command.leaves]
        return below or [self]

    def fault(self, words, is_whole):
        """Why the words are no command line; None where they are one. In running text, arguments may be left out."""
        if self.subcommands and words and not words[0].startswith("-"):
            if words[0] == "help":
                return None
            if words[0] not in self.subcommands:
                return f"there is no command '{self.name} {words[0]}'"
            return self.subcommands[words[0]].fault(words[1:], is_whole)
        arguments, words = 0, list(words)
        while words:
            word = words.pop(0)
            if not word.startswith("-") or word == "-":
                arguments += 1
                continue
            name, equals, _ = word.partition("=")
            if name in COMMON:
                return None
            if name not in self.options:
                return f"'{self.name}' has no option {name}"
            takes = self.options[name]["kind"] == "option" and not equals
            if takes and words and not words[0].startswith("--"):
                words.pop(0)
            elif takes and is_whole and name not in BARE:
                return f"{name} of '{self.name}' takes a value"
        wanted = [argument for argument in self.shown if argument["kind"] == "positional"]
        if arguments > len(wanted) and not any(argument["isRepeating"] for argument in wanted):
            return f"'{self.name}' takes {len(wanted)} arguments"
        if is_whole and arguments < sum(not argument["isOptional"] for argument in wanted):
            return f"'{self.name}' needs an argument"
        return None


@functools.cache
def command(name):
    return Command(name, json.loads(programs.demand(PROGRAMS[name], "--experimental-dump-help"))["command"])


def faults(line, is_whole=True):
    """What is wrong with the programs' calls in a line of shell."""
    words = shlex.split(line, comments=True)
    for place, word in enumerate(words):
        name = os.path.basename(word)
        if name in PROGRAMS and (place + 1 < len(words) or is_whole):
            end = next((end for end in range(place + 1, len(words)) if words[end] in ("|", "||", "&&", ";", ">", "2>", "&")), len(words))
            if fault := command(name).fault(words[place + 1:end], is_whole):
                yield fault
