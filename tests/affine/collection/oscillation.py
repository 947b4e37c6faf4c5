"""Oscillations with growth, decay or several frequencies; no translation is left."""

from __future__ import annotations

from tests.affine.collection.case import even, odd, trivial

CASES = (
    even("x*sin(x)", "0", "even"),
    odd("x*cos(x)", "0", "0", "odd"),
    odd("x**2*sin(x)", "0", "0", "odd"),
    even("sin(x)/x", "0", "even, with limits"),
    odd("sin(x)*exp(-x**2)", "0", "0", "odd, with limits"),
    even("cos(10*x)*exp(-100*x**2)", "0", "even, with limits"),
    even("sin(x**2)", "0", "even; the phase has no other centre"),
    even("sin((x - 1)**2)", "1", "even about 1"),
    even("sin(x**2 + x)", "-1/2", "the phase is even about -1/2"),
    even("cos(x**3)", "0", "even"),
    odd("sin(x**3)", "0", "0", "odd"),
    odd("sin(30*(Abs(x) + 1)*x)", "0", "0", "odd"),
    trivial("exp(x) + sin(x)", "bounded at one end only"),
    trivial("x**2 + sin(x)", "the term t^2 needs p = 0, and then sin(t) would be even"),
    odd("x**3 + sin(x)", "0", "0", "odd"),
    even("x**2 + cos(x)", "0", "even"),
    even("x**2 + Abs(sin(x))", "0", "even"),
    trivial("x**2 + Abs(sin(x - 1))", "the term t^2 needs p = 0, and |sin(t - 1)| is not even"),
    trivial("sin(exp(x))", "a limit at one end, oscillation at the other"),
    odd("sin(1/x)", "0", "0", "odd; the essential singularity 0 is fixed"),
    even("x*sin(1/x)", "0", "even"),
    odd("sin(x) + sin(sqrt(2)*x)", "0", "0", "two frequencies with an irrational ratio, both odd about 0 only"),
    even("cos(x) + cos(sqrt(2)*x)", "0", "two frequencies with an irrational ratio"),
    trivial("sin(x) + cos(sqrt(2)*x)", "2p = pi + 2 pi k and sqrt(2) 2p = 2 pi m (or the like) contradict each other"),
    trivial("x*sin(x) + x", "1 + sin(t) and 1 - sin(t) need p = pi/2 + k pi, where 2p (1 + sin(t)) is left"),
    even("besselj(0, x)", "0", "even, with limits"),
    odd("besselj(1, x)", "0", "0", "odd, with limits"),
    trivial("airyai(x)", "exponential decay at one end, oscillation at the other"),
    odd("exp(-Abs(x))*sin(x)", "0", "0", "odd, with limits"),
    trivial("exp(-x**2)*Max(sin(x), 0)", "limits; exp(4pt - 4p^2) has to be constant, so p = 0, but s is not even"),
    odd("dsu", "0", "0", "odd, with limits"),
    even("sin(x)**2/(1 + x**2)", "0", "even, with limits"),
    trivial("sin(x)/(1 + exp(x))", "bounded; decays at one end, oscillates at the other"),
    odd("x + sin(x**2)*x", "0", "0", "odd"),
    even("cos(sqrt(1 + x**2))", "0", "even"),
)
