"""The catalogue: each named activation *is* its exact expression.

An entry is one line: name, parameters with their defaults, expression, and one place
where it is defined. Nothing else is known about an activation here; what group it has is
for the solver to derive. Names and defaults follow PyTorch where PyTorch has the
activation (its softplus without the numerical threshold, its RReLU in evaluation mode).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intertwine.terms import Term

__all__ = ["ALIASES", "CATALOGUE", "Activation", "activation_names", "find_activation"]


@dataclass(frozen=True)
class Activation:
    """A named activation of one real variable.

    Attributes
    ----------
    name
        Its name in the expression language.
    parameters
        Each parameter with its default, in the order in which they follow ``x``.
    expression
        Text in the expression language, in ``x`` and the parameters.
    source
        A library or paper that defines it.

    Examples
    --------
    >>> from intertwine.activations import CATALOGUE
    >>> CATALOGUE["leaky_relu"].parameters["negative_slope"]
    Fraction(1, 100)
    >>> CATALOGUE["silu"].build()
    x/(exp(-x) + 1)
    """

    name: str
    parameters: Mapping[str, Fraction]
    expression: str
    source: str

    def build(self, argument: Term | None = None, **parameters: Term) -> Term:
        """The exact expression at ``argument`` (``x`` if none is given).

        Raises
        ------
        ExpressionError
            If a parameter is unknown or the result is too large.
        """
        # The parser stands to the right of the catalogue and reads an entry on first use.
        from intertwine.parsing import build_activation

        return build_activation(self.name, *(() if argument is None else (argument,)), **parameters)


def _entry(name: str, expression: str, source: str, **parameters: str) -> Activation:
    defaults = {key: Fraction(value) for key, value in parameters.items()}
    return Activation(name, MappingProxyType(defaults), expression, source)


# Name, expression, source, parameters with their defaults.
_ENTRIES = (
    _entry("identity", "x", "torch.nn.Identity"),
    _entry("relu", "Max(0, x)", "torch.nn.ReLU"),
    _entry("relu6", "Min(Max(0, x), 6)", "torch.nn.ReLU6"),
    _entry("relu2", "Max(0, x)**2", "So et al., Primer, arXiv 2109.08668"),
    _entry("relu3", "Max(0, x)**3", "E and Yu, The Deep Ritz Method, arXiv 1710.00211"),
    _entry("leaky_relu", "Max(0, x) + negative_slope*Min(0, x)", "torch.nn.LeakyReLU", negative_slope="0.01"),
    _entry("prelu", "Max(0, x) + weight*Min(0, x)", "torch.nn.PReLU", weight="0.25"),
    _entry(
        "rrelu",
        "Max(0, x) + (lower + upper)/2*Min(0, x)",
        "torch.nn.RReLU in evaluation mode",
        lower="1/8",
        upper="1/3",
    ),
    _entry(
        "threshold",
        "Piecewise((x, x > threshold), (value, True))",
        "torch.nn.Threshold, with the values of its documentation",
        threshold="0.1",
        value="20",
    ),
    _entry("thresholded_relu", "Piecewise((x, x > theta), (0, True))", "Konda et al., arXiv 1402.3337", theta="1"),
    _entry("elu", "Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))", "torch.nn.ELU", alpha="1"),
    _entry("celu", "Max(0, x) + Min(0, alpha*(exp(x/alpha) - 1))", "torch.nn.CELU", alpha="1"),
    _entry("selu", "1.0507009873554804934193349852946*elu(x, 1.6732632423543772848170429916717)", "torch.nn.SELU"),
    _entry("gelu", "x*(1 + erf(x/sqrt(2)))/2", "torch.nn.GELU"),
    _entry("gelu_tanh", "x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))/2", 'torch.nn.GELU(approximate="tanh")'),
    _entry("quick_gelu", "x*sigmoid(1.702*x)", "Hendrycks and Gimpel, arXiv 1606.08415"),
    _entry("silu", "x/(1 + exp(-beta*x))", "torch.nn.SiLU; Ramachandran et al., arXiv 1710.05941", beta="1"),
    _entry("dsilu", "sigmoid(x)*(1 + x*(1 - sigmoid(x)))", "Elfwing et al., arXiv 1702.03118"),
    _entry("mish", "x*tanh(log(1 + exp(x)))", "torch.nn.Mish"),
    _entry("softplus", "log(1 + exp(beta*x))/beta", "torch.nn.Softplus", beta="1"),
    _entry("shifted_softplus", "log(exp(x)/2 + 1/2)", "Schuett et al., SchNet, arXiv 1706.08566"),
    _entry("softsign", "x/(1 + Abs(x))", "torch.nn.Softsign"),
    _entry("sigmoid", "1/(1 + exp(-x))", "torch.nn.Sigmoid"),
    _entry("log_sigmoid", "-log(1 + exp(-x))", "torch.nn.LogSigmoid"),
    _entry("hard_sigmoid", "Min(Max(0, x + 3), 6)/6", "torch.nn.Hardsigmoid"),
    _entry("hard_swish", "x*Min(Max(0, x + 3), 6)/6", "torch.nn.Hardswish"),
    _entry("hard_tanh", "Min(Max(min_val, x), max_val)", "torch.nn.Hardtanh", min_val="-1", max_val="1"),
    _entry(
        "hard_shrink",
        "Piecewise((x, (x > lambd) | (x < -lambd)), (0, True))",
        "torch.nn.Hardshrink",
        lambd="0.5",
    ),
    _entry(
        "soft_shrink",
        "Piecewise((x - lambd, x > lambd), (x + lambd, x < -lambd), (0, True))",
        "torch.nn.Softshrink",
        lambd="0.5",
    ),
    _entry("tanh_shrink", "x - tanh(x)", "torch.nn.Tanhshrink"),
    _entry("tanh", "tanh(x)", "torch.nn.Tanh"),
    _entry("scaled_tanh", "a*tanh(b*x)", "LeCun et al., Efficient BackProp, 1998", a="1.7159", b="2/3"),
    _entry("hard_mish", "x*Min(Max(0, x + 2), 2)/2", "timm.layers.HardMish"),
    _entry("squareplus", "(x + sqrt(x**2 + b))/2", "jax.nn.squareplus; Barron, arXiv 2112.11687", b="4"),
    _entry("sparse_plus", "Piecewise((0, x <= -1), ((x + 1)**2/4, x < 1), (x, True))", "jax.nn.sparse_plus"),
    _entry("sparse_sigmoid", "Min(Max(0, (x + 1)/2), 1)", "jax.nn.sparse_sigmoid"),
    _entry("exponential", "exp(x)", "keras.activations.exponential"),
    _entry("arctan", "atan(x)", "keras.ops.arctan"),
    _entry("arcsinh", "asinh(x)", "keras.ops.arcsinh"),
    _entry("erf", "erf(x)", "torch.erf"),
    _entry("sin", "sin(omega*x)", "Sitzmann et al., SIREN, arXiv 2006.09661", omega="1"),
    _entry("siren", "sin(omega_0*x)", "Sitzmann et al., SIREN, arXiv 2006.09661", omega_0="30"),
    _entry("cos", "cos(omega*x)", "Rahimi and Recht, Random Features, 2007", omega="1"),
    _entry("sinc", "sinc(x)", "numpy.sinc, without its factor pi"),
    _entry("snake", "x + sin(a*x)**2/a", "Ziyin et al., arXiv 2006.08195", a="1"),
    _entry("gcu", "x*cos(x)", "Noel et al., arXiv 2108.12943"),
    _entry("dsu", "pi/2*(sinc(x - pi) - sinc(x + pi))", "Noel et al., arXiv 2111.04020"),
    _entry("gaussian", "exp(-x**2/(2*sigma**2))", "Ramasinghe and Lucey, arXiv 2111.15135", sigma="1"),
    _entry("rbf", "exp(-gamma*x**2)", "Broomhead and Lowe, 1988", gamma="1"),
    _entry("laplacian", "exp(-Abs(x)/sigma)", "Ramasinghe and Lucey, arXiv 2111.15135", sigma="1"),
    _entry("multiquadric", "sqrt(x**2 + a**2)", "Hardy, 1971", a="1"),
    _entry("inverse_multiquadric", "1/sqrt(x**2 + a**2)", "Ramasinghe and Lucey, arXiv 2111.15135", a="1"),
    _entry("quadratic", "1/(1 + (a*x)**2)", "Ramasinghe and Lucey, arXiv 2111.15135", a="1"),
    _entry("bent_identity", "(sqrt(x**2 + 1) - 1)/2 + x", "Wikipedia, Activation function"),
    _entry(
        "soft_exponential",
        "(exp(alpha*x) - 1)/alpha + alpha",
        "Godfrey and Gashler, arXiv 1602.01321, for alpha > 0",
        alpha="1/2",
    ),
    _entry("isru", "x/sqrt(1 + alpha*x**2)", "Carlile et al., arXiv 1710.09967", alpha="1"),
    _entry(
        "isrlu",
        "Piecewise((x, x >= 0), (x/sqrt(1 + alpha*x**2), True))",
        "Carlile et al., arXiv 1710.09967",
        alpha="1",
    ),
    _entry("square", "x**2", "torch.square"),
    _entry("cube", "x**3", "Chen and Manning, EMNLP 2014"),
    _entry("absolute", "Abs(x)", "torch.abs"),
    _entry("signum", "sign(x)", "torch.sign"),
    _entry("step", "Heaviside(x)", "Rosenblatt, 1958"),
    _entry("symlog", "sign(x)*log(1 + Abs(x))", "Hafner et al., DreamerV3, arXiv 2301.04104"),
    _entry("symexp", "sign(x)*(exp(Abs(x)) - 1)", "Hafner et al., DreamerV3, arXiv 2301.04104"),
    _entry("cloglog", "1 - exp(-exp(x))", "Gomes and Ludermir, 2013"),
    _entry("phish", "x*tanh(gelu(x))", "Naveen, Phish, 2022"),
    _entry("serf", "x*erf(log(1 + exp(x)))", "Nag et al., arXiv 2108.09598"),
    _entry("logish", "x*log(1 + sigmoid(x))", "Zhu et al., Logish, Neurocomputing 458, 2021"),
    _entry("smish", "x*tanh(log(1 + sigmoid(x)))", "Wang et al., Smish, Electronics 11, 2022"),
    _entry("tanhexp", "x*tanh(exp(x))", "Liu and Di, arXiv 2003.09855"),
    _entry("lisht", "x*tanh(x)", "Roy et al., arXiv 1901.05894"),
    _entry("loglog", "exp(-exp(-x))", "Gomes and Ludermir, 2013"),
    _entry("eswish", "beta*x*sigmoid(x)", "Alcaide, arXiv 1801.07145", beta="1.5"),
    _entry("aria2", "x*(1 + exp(-beta*x))**(-alpha)", "Patwardhan et al., arXiv 1805.08878", alpha="1.5", beta="2"),
    _entry(
        "elish",
        "Piecewise((x*sigmoid(x), x >= 0), ((exp(x) - 1)*sigmoid(x), True))",
        "Basirat and Roth, arXiv 1808.00783",
    ),
    _entry("hard_elish", "Min(Max(0, (x + 1)/2), 1)*elu(x)", "Basirat and Roth, arXiv 1808.00783"),
    _entry("elliott", "x/(2*(1 + Abs(x))) + 1/2", "Elliott, 1993"),
    _entry(
        "sqnl",
        "Piecewise((1, x > 2), (x - x**2/4, x >= 0), (x + x**2/4, x >= -2), (-1, True))",
        "Wuraola and Patel, IJCNN 2018",
    ),
    _entry("laplace", "(1 + erf((x - sqrt(1/2))/sqrt(1/(2*pi))))/2", "Ma et al., Mega, arXiv 2209.10655"),
    _entry(
        "smelu",
        "Piecewise((0, x <= -beta), ((x + beta)**2/(4*beta), x < beta), (x, True))",
        "Shamir et al., arXiv 2202.06499",
        beta="1",
    ),
    _entry(
        "star_relu",
        "s*Max(0, x)**2 + b",
        "Yu et al., MetaFormer Baselines, arXiv 2210.13452",
        s="0.8944",
        b="-0.4472",
    ),
    _entry("nlrelu", "log(1 + beta*Max(0, x))", "Liu et al., Natural-Logarithm ReLU, arXiv 1908.03682", beta="1"),
    _entry("frelu", "Max(0, x) + b", "Qiu et al., Flexible ReLU, arXiv 1706.08098", b="-0.398"),
    _entry(
        "plu",
        "Max(alpha*(x + c) - c, Min(alpha*(x - c) + c, x))",
        "Nicolae, arXiv 1809.09534",
        alpha="0.1",
        c="1",
    ),
    _entry(
        "pelu",
        "Piecewise((a/b*x, x >= 0), (a*(exp(x/b) - 1), True))",
        "Trottier et al., arXiv 1605.09332",
        a="1",
        b="1",
    ),
    _entry(
        "xielu",
        "Piecewise((alpha_p*x**2 + x/2, x > 0), (alpha_n*(exp(x) - 1 - x) + x/2, True))",
        "Huang and Schlag, arXiv 2411.13010",
        alpha_p="0.8",
        alpha_n="0.8",
    ),
    _entry(
        "penalized_tanh",
        "Piecewise((tanh(x), x > 0), (a*tanh(x), True))",
        "Xu et al., arXiv 1602.05980",
        a="0.25",
    ),
    _entry(
        "dynamic_tanh",
        "tanh(alpha*x)",
        "Zhu et al., Transformers without Normalization, arXiv 2503.10622",
        alpha="0.5",
    ),
    _entry("gish", "x*log(2 - exp(-exp(x)))", "Kaytan et al., Gish, 2023"),
    _entry("atlu", "x*(atan(x) + pi/2)/pi", "Huang, Expanded Gating Ranges, arXiv 2405.20768"),
    _entry("sgelu", "x*erf(x/sqrt(2))", "Yu and Su, Symmetrical GELU, arXiv 1911.03925"),
    _entry("colu", "x/(1 - x*exp(-(x + exp(x))))", "Vagerwal, Collapsing Linear Unit, arXiv 2112.12078"),
    _entry("probit", "(1 + erf(x/sqrt(2)))/2", "torch.special.ndtr"),
    _entry("mexican_hat", "(1 - x**2)*exp(-x**2/2)", "Zhang and Benveniste, Wavelet Networks, 1992"),
    _entry(
        "wire",
        "cos(omega*x)*exp(-(sigma*x)**2)",
        "Saragadam et al., WIRE (real part), arXiv 2301.05187",
        omega="10",
        sigma="10",
    ),
    _entry("finer", "sin(omega*(Abs(x) + 1)*x)", "Liu et al., FINER, arXiv 2312.02434", omega="30"),
    _entry("hosc", "tanh(beta*sin(x))", "Serrano et al., HOSC, arXiv 2401.10967", beta="8"),
)

CATALOGUE: Mapping[str, Activation] = MappingProxyType({entry.name: entry for entry in _ENTRIES})

ALIASES: Mapping[str, str] = MappingProxyType({
    "linear": "identity",
    "squared_relu": "relu2",
    "relu_squared": "relu2",
    "swish": "silu",
    "logistic": "sigmoid",
    "expit": "sigmoid",
    "hard_silu": "hard_swish",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "atan": "arctan",
    "asinh": "arcsinh",
    "sine": "sin",
    "cosine": "cos",
    "growing_cosine_unit": "gcu",
    "ndtr": "probit",
    "heaviside": "step",
    "ricker": "mexican_hat",
    "dyt": "dynamic_tanh",
})  # fmt: skip


def activation_names(*, aliases: bool = False) -> tuple[str, ...]:
    """The names of the catalogue in its order, and the aliases after them if asked for.

    Examples
    --------
    >>> activation_names()[:3]
    ('identity', 'relu', 'relu6')
    """
    return (*CATALOGUE, *ALIASES) if aliases else tuple(CATALOGUE)


def find_activation(name: str) -> Activation | None:
    """The entry of a name or alias; capitals and underscores do not matter.

    Examples
    --------
    >>> find_activation("LeakyReLU").name
    'leaky_relu'
    """
    return _index().get(name.replace("_", "").lower()) if len(name) <= 40 else None


@lru_cache(maxsize=1)
def _index() -> dict[str, Activation]:
    names = {**{name: name for name in CATALOGUE}, **ALIASES}
    return {spelling.replace("_", "").lower(): CATALOGUE[name] for spelling, name in names.items()}
