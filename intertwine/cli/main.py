"""Arguments, streams and exit statuses of the command."""

from __future__ import annotations

import argparse
import contextlib
import io
import math
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from intertwine.cli import status
from intertwine.errors import DerivationTimeout, ExpressionError, IntertwineError

DEFAULT_TIMEOUT = 30.0
_EPILOG = """\
exit status: 0 an exact answer (or a valid certificate), 3 a bounded answer, 2 input that cannot be used,
4 out of time. Quote the expression, and put -- before one that begins with a minus sign."""


class _Parser(argparse.ArgumentParser):
    """Errors take one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(status.UNUSABLE, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the command's name; ``sys.argv[1:]`` by default.

    Returns
    -------
    int
        The exit status: 0 exact, 3 bounded, 2 unusable input, 4 out of time.

    Examples
    --------
    >>> main(["derive", "relu", "--latex"])
    $\\sigma(x) = \\max(0, x):\\quad G_\\sigma = \\mathbb{R}_{>0} \\wr \\mathrm{Sym}(n),\\quad \
\\phi(P\\,\\mathrm{diag}(d_i)) = P\\,\\mathrm{diag}(\\chi(d_i)),\\quad \\chi(a) = a$
    0
    """
    _accept_every_letter()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        parsed = _parser().parse_args(_protected(given))
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else status.UNUSABLE
    try:
        found: int = parsed.run(parsed)
        sys.stdout.flush()
        return found
    except BrokenPipeError:
        _discard_output()
        return status.EXACT
    except DerivationTimeout as error:
        return _complain(error, status.OUT_OF_TIME)
    except (IntertwineError, OSError) as error:
        return _complain(error, status.UNUSABLE)
    except KeyboardInterrupt:
        return _complain("interrupted", status.INTERRUPTED)


def _complain(problem: object, code: int) -> int:
    print(f"intertwine: {' '.join(str(problem).split())}", file=sys.stderr)
    return code


def _accept_every_letter() -> None:
    """On a terminal without Unicode, letters like ≀ become question marks rather than errors."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(ValueError, OSError):
                stream.reconfigure(errors="replace")


def _discard_output() -> None:
    """The reader of the pipe is gone: what is still buffered must not raise again at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _protected(given: list[str]) -> list[str]:
    """Let an expression begin with a minus sign: ``derive -x`` is read as ``derive -- -x``."""
    if not given or given[0] != "derive" or "--" in given:
        return given
    options: list[str] = []
    expressions: list[str] = []
    for word in given[1:]:
        is_value = bool(options) and options[-1] in ("--timeout", "--assume", "--dim")
        (options if is_value or _OPTION.fullmatch(word) else expressions).append(word)
    return [given[0], *options, "--", *expressions]


#: What is taken for an option, known or not: ``--json``, but not ``-x`` or ``--sin(x)``.
_OPTION = re.compile(r"-h|--[a-z][a-z-]+(=.*)?")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (0 < seconds < math.inf):
        raise argparse.ArgumentTypeError(f"a positive number of seconds is needed, not {text!r}")
    return seconds


def _dimension(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"a dimension is a whole number from 1 to 10000, not {text!r}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    from intertwine import __version__

    parser = _Parser(prog="intertwine", description="Derive the intertwiner group of an activation function, exactly.",
                     epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"intertwine {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    _add_derive(commands)
    _add_table(commands)
    _add_check(commands)
    _add_experiments(commands)
    _add_network(commands)
    return parser


def _add_derive(commands: argparse._SubParsersAction[_Parser]) -> None:
    derive = commands.add_parser("derive", help="derive a group, with its proof", epilog=_EPILOG, allow_abbrev=False)
    derive.add_argument("expression", metavar="EXPR", help='an expression in x such as "x*tanh(x)", or a name')
    derive.add_argument("--assume", action="append", default=[], metavar="CONDITION",
                        help='what holds of the parameters, such as "alpha > 0"; may be given again')
    meaning = derive.add_mutually_exclusive_group()
    meaning.add_argument("--radial", action="store_true", help="EXPR is h in h(|x|)*x, in the variable r")
    meaning.add_argument("--vector", action="store_true",
                         help='EXPR is a map such as "[Max(x1, x2), Min(x1, x2)]" in x1, x2, ...')
    derive.add_argument("--dim", type=_dimension, metavar="N", help="the length of the vectors, where it is free")
    form = derive.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object, with the certificate")
    form.add_argument("--latex", action="store_true", help="print the answer as LaTeX")
    _add_affine(derive, "derive the maps x -> Ax + c with s(Ax + c) = B s(x) + d")
    _add_timeout(derive)
    derive.set_defaults(run=_derive)


def _add_table(commands: argparse._SubParsersAction[_Parser]) -> None:
    table = commands.add_parser("table", help="derive the table of Godfrey et al.", allow_abbrev=False)
    table.add_argument("--catalogue", action="store_true", help="derive every named activation, with times")
    table.add_argument("--json", action="store_true", help="print one JSON object")
    _add_affine(table, "derive the affine groups")
    _add_timeout(table)
    table.set_defaults(run=_table)


def _add_check(commands: argparse._SubParsersAction[_Parser]) -> None:
    check = commands.add_parser("check", help="check a certificate", allow_abbrev=False)
    check.add_argument("file", metavar="FILE",
                       help="what derive --json printed, or a certificate; - reads standard input")
    check.set_defaults(run=_check)


def _add_experiments(commands: argparse._SubParsersAction[_Parser]) -> None:
    experiments = commands.add_parser("experiments", help="train small networks and compare their representations",
                                      allow_abbrev=False)
    experiments.add_argument("names", nargs="*", metavar="NAME",
                             help="stitching, similarity, basis or merging (default: all)")
    experiments.add_argument("--seeds", type=_count, default=10, metavar="N",
                             help="pairs of networks for each activation (default: 10)")
    experiments.add_argument("--activation", action="append", metavar="NAME",
                             help="relu, tanh, radial or squared-relu; may be repeated (default: the first three)")
    experiments.add_argument("--network", action="append", metavar="NAME",
                             help="perceptron or convolutional, which needs PyTorch; may be repeated "
                                  "(default: perceptron)")
    experiments.add_argument("--workers", type=_count, default=os.cpu_count() or 1, metavar="N",
                             help="processes (default: one for each processor)")
    experiments.add_argument("-o", "--output", default="experiments", metavar="DIR",
                             help="where to write; parts that are there are not measured again (default: experiments)")
    experiments.set_defaults(run=_experiments)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a positive whole number is needed, not {text!r}")
    return int(text)


def _add_affine(parser: argparse.ArgumentParser, help_: str) -> None:
    parser.add_argument("--affine", action="store_true", help=help_)


def _add_network(commands: argparse._SubParsersAction[_Parser]) -> None:
    network = commands.add_parser(
        "network", help="the symmetry group of an ONNX model", allow_abbrev=False,
        epilog="exit status: 0 everything was understood, 3 something was not, and is frozen, 2 a file that cannot be "
               "used, 1 outputs that change by more than rounding explains.")
    network.add_argument("model", metavar="MODEL.onnx")
    network.add_argument("--json", action="store_true", help="print one JSON object")
    network.add_argument("--check", type=_number, default=0, metavar="N",
                         help="compare outputs under N random elements in ONNX Runtime")
    network.add_argument("--input-shape", action="append", default=[], metavar="NAME=1x3x224x224",
                         help="the shape of an input for --check; may be given again")
    network.add_argument("--inputs", metavar="FILE.npz", help="values of inputs for --check, by name")
    network.add_argument("--apply", action="store_true", help="write the model with a random element applied")
    network.add_argument("--seed", type=_number, default=0, metavar="S", help="seed (default: 0)")
    network.add_argument("-o", "--output", metavar="OUT.onnx", help="the file that --apply writes")
    network.set_defaults(run=_network)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"a number, 0 or more, is needed, not {text!r}")
    return int(text)


def _add_timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--timeout", type=_seconds, default=DEFAULT_TIMEOUT, metavar="SECONDS",
                        help="time for one derivation (default: 30)")


# The commands are imported when they run, so that --help and --version need neither SymPy nor FLINT.
def _derive(options: argparse.Namespace) -> int:
    form = "json" if options.json else "latex" if options.latex else "text"
    if options.radial or options.vector or options.dim is not None or _is_vector(options.expression):
        from intertwine.cli import vector

        if options.affine or options.assume:
            raise ExpressionError("--affine and --assume are for elementwise activations")
        question = vector.map_of if options.vector else vector.radial_of if options.radial else vector.named_of
        return vector.run(question(options.expression, options.timeout, options.dim), form, options.dim)
    from intertwine.cli.derive import run

    return run(options.expression, form, options.timeout, options.affine, options.assume)


def _is_vector(expression: str) -> bool:
    from intertwine.front import vector_name

    return vector_name(expression) is not None


def _table(options: argparse.Namespace) -> int:
    from intertwine.cli.table import run

    return run(options.catalogue, options.json, options.timeout, options.affine)


def _check(options: argparse.Namespace) -> int:
    from intertwine.cli.check import run

    return run(options.file)


def _experiments(options: argparse.Namespace) -> int:
    from intertwine.cli.experiments import run

    names = options.names or ["stitching", "similarity", "basis", "merging"]
    return run(names, options.seeds, options.activation or ["relu", "tanh", "radial"], options.output, options.workers,
               options.network or ["perceptron"])


def _network(options: argparse.Namespace) -> int:
    from intertwine.cli.network import run

    return run(options)
