"""What is no number is told by the name of the argument, in every function that computes with numbers."""

import inspect
import warnings

import numpy as np
import pytest

from momentum_lab import schedules, surfaces, theory
from momentum_lab.arguments import real_number, real_numbers
from momentum_lab.slips import Slip

# One call that works for every function that takes numbers, by the names of its arguments.
CALLS = {
    theory.best_settings: {"method": "heavy ball", "mu": 1.0, "smoothness": 10.0},
    theory.critical_beta: {"method": "heavy ball", "u": 0.1},
    theory.critical_stiffness: {"method": "Nesterov", "beta": 0.9},
    theory.curvature_noise_limit: {"method": "Nesterov", "beta": 0.5, "spread": 1.0},
    theory.iteration_matrix: {"method": "heavy ball", "u": 0.1, "beta": 0.9},
    theory.noise_floor: {"method": "heavy ball", "lr": 0.1, "beta": 0.9, "curvature": 1.0, "variance": 1.0},
    theory.pendulum: {"lr": 0.1, "beta": 0.9, "time_step": 0.5},
    theory.polygon_limit: {"beta": 0.5, "kappa": 10.0},
    theory.polynomial: {"method": "Nesterov", "u": 0.1, "beta": 0.9},
    theory.position: {"method": "heavy ball", "steps": 5, "u": 0.1, "beta": 0.9},
    theory.positions: {"method": "heavy ball", "steps": 5, "u": 0.1, "beta": 0.9},
    theory.rate: {"method": "heavy ball", "u": 0.1, "beta": 0.9},
    theory.settings_of: {"mass": 2.0, "friction": 1.0, "time_step": 0.5},
    theory.spectrum_rate: {"method": "heavy ball", "lr": 0.1, "beta": 0.9, "mu": 1.0, "smoothness": 10.0},
    theory.stability_limit: {"method": "heavy ball", "beta": 0.9},
    theory.steps_for: {"rate": 0.9, "share": 0.01},
    theory.steps_for_weight: {"beta": 0.9, "share": 0.5},
    theory.textbook_nesterov: {"mu": 1.0, "smoothness": 10.0},
    theory.weight_of_last: {"beta": 0.9, "steps": 10.0},
    theory.window: {"beta": 0.9},
    schedules.constant: {"value": 0.1},
    schedules.cosine: {"peak": 0.1, "steps": 10, "end": 0.01},
    schedules.linear_warm_up: {"peak": 0.1, "steps": 10, "start": 0.01},
    schedules.momentum_correction: {"beta": 0.9, "lr": schedules.constant(0.1)},
    schedules.one_cycle: {"peak": 0.1, "steps": 20, "rise": 0.2, "divide": 20.0, "final_divide": 1e3, "low": 0.8},
    schedules.step_decay: {"start": 0.1, "factor": 0.5, "every": 3},
    schedules.sutskever_beta: {"highest": 0.9, "every": 100},
    schedules.warm_up_cosine: {"peak": 0.1, "warm_up": 3, "steps": 10, "start": 0.01, "end": 0.02},
    surfaces.DoubleWell: {"scale": 0.3, "tilt": 0.1},
    surfaces.LineFit: {"x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 4.0]},
    surfaces.Polygon: {"corners": 3, "lr": 0.12, "beta": 0.45, "mu": 1.5, "smoothness": 26.0},
    surfaces.Quadratic: {"hessian": [1.0, 2.0], "minimum": [0.0, 1.0], "lowest": 1.0},
    surfaces.WorstCase: {"dim": 5, "smoothness": 2.0},
    surfaces.twelve_dots: {"offset": 1.0},
}
WORDS = {"method", "steps", "every", "corners", "dim"}  # looked at by themselves, each in its own way
CASES = [
    (function, name)
    for function, call in CALLS.items()
    for name, value in call.items()
    if name not in WORDS and not callable(value) and (function, name) != (theory.steps_for, "rate")  # may be infinite
]
NAMES = [f"{function.__name__} {name}" for function, name in CASES]
NO_NUMBERS = ["0.5", None, 1j, float("nan"), float("inf"), [0.5, [0.5]], {"beta": 0.9}, [0.5, "x"], 10**400, np.mean]


@pytest.mark.parametrize(("function", "name"), CASES, ids=NAMES)
def test_what_is_no_number_is_named(function, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        function(**CALLS[function])
        for value in NO_NUMBERS:
            if value is inspect.signature(function).parameters[name].default:
                continue
            if callable(value) and function is schedules.momentum_correction:
                continue  # a schedule
            with pytest.raises(Slip, match=rf"^{name} is (one|a) finite number"):
                function(**{**CALLS[function], name: value})


@pytest.mark.parametrize(("function", "name"), CASES, ids=NAMES)
def test_a_list_counts_as_an_array_or_is_refused(function, name):
    call = CALLS[function]
    try:
        with_array = function(**{**call, name: np.array([call[name]] * 2)})
    except Slip as slip:
        with pytest.raises(Slip) as other:
            function(**{**call, name: [call[name]] * 2})
        assert str(other.value).partition(";")[0] == str(slip).partition(";")[0]
        return
    with_list = function(**{**call, name: [call[name]] * 2})
    if isinstance(with_array, np.ndarray | tuple) and not any(map(callable, with_array)):
        for ours, theirs in zip(np.atleast_1d(*with_list), np.atleast_1d(*with_array), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    elif callable(with_list):
        np.testing.assert_array_equal(with_list(3), with_array(3))


def test_every_function_of_the_three_is_here():
    public = {getattr(theory, name) for name in theory.__all__} | {getattr(surfaces, name) for name in surfaces.__all__}
    public |= {value for name, value in vars(schedules).items() if inspect.isfunction(value) and name[0] != "_"}
    takes = {one for one in public if callable(one) and inspect.signature(one).parameters}
    others = {
        theory.Pendulum, theory.Settings, theory.Window,  # what is answered
        surfaces.FromFunctions, surfaces.check_gradient,  # functions and surfaces, no numbers
        schedules.NamedTuple, real_number, real_numbers,
    }  # fmt: skip
    assert takes - others == set(CALLS)


def test_a_number_stays_what_it_is():
    assert type(real_number("beta", 0.9)) is float and type(real_number("beta", 1)) is int
    halves = np.array([0.5, 0.5], dtype=np.float32)
    assert real_number("beta", halves) is halves
    with pytest.raises(Slip, match=r"^beta is one finite number; this is \[0.5, 0.5\]\.$"):
        real_number("beta", [0.5, 0.5], single=True)


def test_python_itself_says_what_is_missing_or_misspelt():
    with pytest.raises(TypeError, match=r"rate\(\) missing 1 required positional argument: 'u'"):
        theory.rate("heavy ball")
    with pytest.raises(TypeError, match="unexpected keyword argument 'betta'"):
        theory.rate("heavy ball", 0.1, betta=0.9)
    assert surfaces.Quadratic([1.0, 2.0], minimum=None).dim == 2  # a default that is handed over again
