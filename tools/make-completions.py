#!/usr/bin/env python3
"""Writes the shells' completions of dinoscope-cli from its own help texts, which
come from its table of options: make-completions.py CLI FOLDER"""
import os
import re
import subprocess
import sys

COMMANDS = ("info", "features", "map", "bench", "model", "embed", "merge", "index", "neighbors", "cluster", "compare", "segment", "probe", "serve")
# The first operand of commands that are several.
SUBCOMMANDS = {"model": "list verify get calibrate", "segment": "train test apply", "probe": "train test apply"}
FILE_WORDS = ("FILE", "OUT", "IMAGE", "DIR", "HEAD", "EMBEDDINGS")


def help_text(cli, *arguments):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
    return subprocess.run([cli, *arguments, "--help"], env=environment, stdout=subprocess.PIPE, check=True).stdout.decode()


def first_words(text):
    """The help up to its first sentence's end, on one line."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.split(r"[;:(]| as |, for ", text)[0].strip().rstrip(",.")
    return text.replace("'", "’").replace("[", "(").replace("]", ")")


def options(text):
    """[(letter, name, value, words)] of a help text."""
    found = re.findall(r"(?m)^  (?:-(.), |    )--([a-z][a-z0-9-]*)(?: (\S+))?\n((?:        .*\n)+)", text)
    return [(letter, name, value, first_words(words)) for letter, name, value, words in found]


def choices(value):
    return value.split("|") if value and re.fullmatch(r"[a-z0-9+|-]+", value) else []


def takes_file(value):
    return any(word in value for word in FILE_WORDS)


def read_table(cli):
    """(common options, {command: (words, own options)})"""
    top = help_text(cli)
    common = options(top)
    names = {name for _, name, _, _ in common}
    table = {}
    for command in COMMANDS:
        words = re.search(r"(?m)^  %s .*\n((?:        .*\n)+)" % command, top).group(1)
        own = [option for option in options(help_text(cli, command)) if option[1] not in names]
        table[command] = (first_words(words), own)
    return common, table


def spellings(options_):
    return [word for letter, name, _, _ in options_ for word in (["-" + letter] if letter else []) + ["--" + name]]


def bash(common, table):
    every = {option[1]: option for option in common}
    every.update({option[1]: option for _, own in table.values() for option in own})
    lines = [
        "# Completion of dinoscope-cli for bash; written by tools/make-completions.py.",
        "_dinoscope_cli ()",
        "{",
        "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= options word",
        "  # bash takes the sign of --name=value for a word.",
        "  if [[ $cur == = ]]; then",
        "    cur=",
        "  elif [[ $prev == = ]]; then",
        "    prev=${COMP_WORDS[COMP_CWORD - 2]}",
        "  fi",
        '  for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do',
        "    case $word in",
        "      %s) command=$word; break ;;" % " | ".join(COMMANDS),
        "    esac",
        "  done",
        "  COMPREPLY=()",
        "  case $prev in",
    ]
    files, others = [], []
    for letter, name, value, _ in every.values():
        pattern = "--" + name + (" | -" + letter if letter else "")
        if choices(value):
            lines.append("    %s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;" % (pattern, " ".join(choices(value))))
        elif value:
            (files if takes_file(value) else others).append(pattern)
    lines += [
        "    %s) COMPREPLY=($(compgen -f -- \"$cur\")); compopt -o filenames 2> /dev/null; return ;;" % " | ".join(files),
        "    %s) return ;;" % " | ".join(others),
        "  esac",
        "  options='%s'" % " ".join(spellings(common)),
        "  case $command in",
    ]
    for command, (_, own) in table.items():
        if own:
            lines.append("    %s) options+=' %s' ;;" % (command, " ".join(spellings(own))))
    lines += [
        "  esac",
        "  if [[ $cur == -* ]]; then",
        '    COMPREPLY=($(compgen -W "$options" -- "$cur"))',
        "  elif [[ -z $command ]]; then",
        "    COMPREPLY=($(compgen -W '%s' -- \"$cur\"))" % " ".join(COMMANDS),
    ]
    for command, words in SUBCOMMANDS.items():
        lines += [
            "  elif [[ $command == %s && $prev == %s ]]; then" % (command, command),
            "    COMPREPLY=($(compgen -W '%s' -- \"$cur\"))" % words,
        ]
    lines += [
        "  else",
        '    COMPREPLY=($(compgen -f -- "$cur"))',
        "    compopt -o filenames 2> /dev/null",
        "  fi",
        "}",
        "complete -F _dinoscope_cli dinoscope-cli",
    ]
    return lines


def zsh_spec(option):
    letter, name, value, words = option
    action = ""
    if choices(value):
        action = ":%s:(%s)" % (name, " ".join(choices(value)))
    elif value:
        action = ":%s:%s" % (name, "_files" if takes_file(value) else " ")
    words = words.replace(":", "\\:")
    long = "--%s%s" % (name, "=" if value else "")
    if letter:
        return "'*'{-%s%s,%s}'[%s]%s'" % (letter, "+" if value else "", long, words, action)
    return "'*%s[%s]%s'" % (long, words, action)


def zsh(common, table):
    lines = [
        "#compdef dinoscope-cli",
        "# Completion of dinoscope-cli for zsh; written by tools/make-completions.py.",
        "_dinoscope_cli () {",
        "  local -a common commands own",
        "  local command= word",
        "  commands=(",
        *("    '%s:%s'" % (command, words.replace(":", "\\:")) for command, (words, _) in table.items()),
        "  )",
        "  common=(",
        *("    " + zsh_spec(option) for option in common),
        "  )",
        "  for word in ${words[2,CURRENT-1]}; do",
        "    case $word in",
        "      (%s) command=$word; break ;;" % "|".join(COMMANDS),
        "    esac",
        "  done",
        "  case $command in",
    ]
    for command, (_, own) in table.items():
        if own:
            lines += ["    (%s) own=(" % command, *("      " + zsh_spec(option) for option in own), "    ) ;;"]
    lines += [
        "  esac",
        "  case $command in",
        *("    (%s) _arguments -S $common $own '1: :(%s)' '2: :(%s)' '*: :_files'; return ;;" % (command, command, words) for command, words in SUBCOMMANDS.items()),
        "  esac",
        "  if [[ -n $command ]]; then",
        "    _arguments -S $common $own '1: :($command)' '*: :_files'",
        "  else",
        "    _arguments -S $common '1: :{_describe command commands}'",
        "  fi",
        "}",
        '_dinoscope_cli "$@"',
    ]
    return lines


def fish_line(condition, option):
    letter, name, value, words = option
    parts = ["complete -c dinoscope-cli"]
    if condition:
        parts.append("-n '%s'" % condition)
    if letter:
        parts.append("-s " + letter)
    parts.append("-l " + name)
    if choices(value):
        parts.append("-x -a '%s'" % " ".join(choices(value)))
    elif value:
        parts.append("-r -F" if takes_file(value) else "-x")
    return " ".join(parts + ["-d '%s'" % words])


def fish(common, table):
    none = "not __fish_seen_subcommand_from " + " ".join(COMMANDS)
    lines = ["# Completion of dinoscope-cli for fish; written by tools/make-completions.py."]
    for command, (words, _) in table.items():
        lines.append("complete -c dinoscope-cli -f -n '%s' -a %s -d '%s'" % (none, command, words))
    for command, words in SUBCOMMANDS.items():
        lines.append("complete -c dinoscope-cli -n '__fish_seen_subcommand_from %s' -a '%s'" % (command, words))
    lines += [fish_line("", option) for option in common]
    for command, (_, own) in table.items():
        lines += [fish_line("__fish_seen_subcommand_from " + command, option) for option in own]
    return lines


def main():
    cli, folder = sys.argv[1:]
    table = read_table(cli)
    for name, make in (("dinoscope-cli", bash), ("_dinoscope-cli", zsh), ("dinoscope-cli.fish", fish)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write("\n".join(make(*table)) + "\n")


if __name__ == "__main__":
    main()
