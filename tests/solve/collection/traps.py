"""Expressions that were built against one step of the solver each: false proofs, wrong ranges, hidden cells."""

from tests.solve.collection.case import Case, cyclic, even, linear, nonzero, odd, positive, sign_cyclic, trivial

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
_ONE = "1+" + "+".join(f"sqrt({p})" for p in _PRIMES) + "".join(f"-sqrt({p})" for p in reversed(_PRIMES))
_HIDDEN = "changed on a short interval only, by an amount that a local proof might miss"

CASES: list[Case] = [
    trivial("x + sqrt(Abs(x))/10**300/10**300", "f' = f/(2x) and f(0) = 0 do not make f zero"),
    even("1 + sqrt(Abs(x))/10**300/10**300", "the same on top of a constant"),
    odd("x + x**3/10**600", "not linear, at 600 digits"),
    trivial("Piecewise((x+sqrt(x-10),(x>10)&(x<10.001)),(x,True))", _HIDDEN),
    trivial("Piecewise((x+cbrt(x-10),(x>10)&(x<10.001)),(x,True))", _HIDDEN),
    trivial("Piecewise((x+LambertW(x-10),(x>10)&(x<10.001)),(x,True))", _HIDDEN),
    trivial("Piecewise((Abs(x)+sqrt(x-10),(x>10)&(x<10.001)),(Abs(x),True))", _HIDDEN),
    trivial("Piecewise((x+0*(3-x)**floor(x/100),(x>4)&(x<4.001)),(x,True))",
            "a power with a varying exponent needs a positive base, also where the exponent is constant"),
    nonzero("Piecewise((1,(x>5)&(log(x-3)<0)),(Abs(x),True))", "Abs(a)", "the condition is false everywhere"),
    nonzero("Piecewise((1,(log(x-3)<0)&(x>5)),(Abs(x),True))", "Abs(a)", "the order of operands does not matter"),
    trivial("x*sign((8*x-75)**14-log((8*x-75)**14+1))", "zero at 75/8, a single point"),
    trivial("Abs(x)*sign((8*x-75)**14-log((8*x-75)**14+1))", "zero at 75/8, a single point"),
    trivial("x*sign((8*x-75)**2+(8*x-75)**2*exp(x)) + 0*sqrt((8*x-75)**2)", "zero at 75/8, a single point"),
    even("sign(2**((x**2-2)**2)-1)", "zero at the two square roots of 2 only"),
    odd("Piecewise((0,Eq(2**((x**2-2)**2),1)),(x,True))", "zero at the two square roots of 2 only"),
    even("sign(acosh(x**2+4/x**2-3))", "acosh(1) = 0 at the two square roots of 2"),
    trivial("Piecewise((Piecewise((x+5,LambertW(-0.3675-(x-10)/1000)>-1),(x,True)),(x>10)&(x<10.001)),(x,True))",
            _HIDDEN),
    sign_cyclic("x*sign(1-tan(log(Abs(x)))**2)", "exp(pi/2)", "-exp(pi/2)", "-1",
                "1 - tan(u)**2 changes sign at odd multiples of pi/4; at the poles of tan the value is a limit"),
    trivial("Piecewise((Piecewise((x,1-tan(x)**2>0),(x+5,True)),(x>4)&(x<4.001)),(x,True))", _HIDDEN),
    trivial("Piecewise((x+floor(tan(x))-tan(x),(x>4)&(x<4.001)),(x,True))", _HIDDEN),
    trivial("x+gamma(exp(x)-2)*(1-Abs(sign(sin(pi*(exp(x)-2)))))", "gamma has no poles at positive integers"),
    positive("Piecewise(((airyai(0)-3**(-2/3)/gamma(2/3))*x**2,x>0),(x,True))", "a", "the coefficient is zero"),
    nonzero("(1+sign(x))*x**2 + 0*(atan(1/2)+atan(1/3)-pi/4) + (1-sign(x))*x**2", "a**2", "zero in disguise"),
    positive("(1+sign(x))*(x**2*log(exp(1/x-sin(x)/x**2))+sin(x)+(atan(1/2)+atan(1/3)-pi/4)*exp(-x))", "a",
             "2x on the right, zero on the left"),
    positive("x**2+x**(atan(1/2)+atan(1/3))-x**(pi/4)", "a**2", "the last two terms cancel"),
    odd("x**(log(8)/log(2))+x", "x**3 + x"),
    even("x**(log(4)/log(2))+1", "x**2 + 1"),
    even("x**(24**(1/2)/6**(1/2))*exp(-x**2)", "x**2 exp(-x**2)"),
    odd("sin(x)+x**(log(8)/log(2))", "sin(x) + x**3"),
    nonzero("x**sqrt(4)", "a**2", "the exponent is 2"),
    nonzero("Abs(x)**3*cos(x)**tanh(0)", "Abs(a)**3", "the second factor is 1"),
    linear("x*cbrt(exp(2))", "a constant times x"),
    trivial("x*sign(exp(acosh(exp((exp(x)-2)**2)))-exp((exp(x)-2)**2))", "zero at log(2) only, where a root vanishes"),
    trivial("Piecewise((Abs(x)*sign(exp(acosh(1+(x-sqrt(7))**2))-1-(x-sqrt(7))**2),Ne(x,1)))", "zero at sqrt(7) only"),
    trivial("Piecewise((Piecewise((x, sin(x)>-0.99999),(x+5,True)),"
            "(x>100000000000000000)&(x<100000000000000002)),(x,True))", _HIDDEN),
    trivial("Piecewise((x*asinh(2+sin(log(x))),x>0),(1,Eq(x,0)),(0,True))", "s(0) = 1 makes every b equal to 1"),
    cyclic(f"Piecewise((0,x>=0),(1-x,And(x>-16,x<=-1)),(1-x*16**(-floor(log(-x)/log(16)*x**({_ONE})/x)),True))",
           "16", "1", "the exponent is 1, and 1 + |x|/16**floor(log(|x|)/log(16)) repeats under 16"),
]
