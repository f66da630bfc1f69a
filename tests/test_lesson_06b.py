"""What lesson 06b says beside the numbers its cells print."""

import numpy as np
import pytest
from test_parity import CASES, META, golden, gradients, rate_of, tolerance

from course import source
from momentum_lab.optimizers import Buffer, HeavyBall, Momentum, TorchSGD
from momentum_lab.running import iterate, run
from momentum_lab.surfaces import twelve_dots

(PATH,) = (path for path in source.sources() if source.key(path) == "06b")


def answer(name):
    (item,) = (item for item in source.items(PATH) if item.id == name)
    return source.reference(PATH, item)


@pytest.mark.parametrize("problem", ["quad", "rosen", "seq"])
@pytest.mark.parametrize("name", ["t_sgd", "t_sgd_m09", "t_sgd_m099", "t_sgd_m09_nest", "t_sgd_m09_damp09",
                                  "t_sgd_m09_wd", "t_sgd_m09_lrchange"])  # fmt: skip
def test_the_answer_walks_as_pytorch_was_recorded(name, problem):
    case, setting = CASES[name], META["problems"][problem]
    steps, rate = setting["steps"], rate_of(case, problem)
    rates = [rate(t) if callable(rate) else rate for t in range(steps)]
    following = iter(gradients(problem, steps))
    parameters = {"momentum": 0.0, "dampening": 0.0, "nesterov": False, "weight_decay": 0.0} | case["kwargs"]
    start = np.array(setting["x0"])
    points = answer("06b.sgd_torch")(start, lambda theta: next(following)(theta), rates, **parameters)
    recorded = golden(f"{name}/{problem}")
    np.testing.assert_allclose(points[-len(recorded) :], recorded, rtol=0, atol=tolerance(case, problem, recorded))


@pytest.mark.parametrize("form", ["inside", "Keras", "average"])
def test_a_converted_run_goes_on_as_the_old_program_would(form):
    dots, lr, beta = twelve_dots(), 0.1, 0.9
    rule = HeavyBall(lr * (1 - beta) if form == "average" else lr, beta)
    old = run(rule, dots, [0.0, 0.0], 60, keep_states=True)
    velocity = old.states[30].velocity
    memory = {"inside": velocity, "Keras": -velocity, "average": velocity / lr}[form]
    lr_torch, buffer = answer("06b.convert")(form, lr, beta, memory)
    goes_on = run(TorchSGD(lr_torch, momentum=beta), dots, old.thetas[30], 30, state=Buffer(buffer, True))
    np.testing.assert_allclose(goes_on.thetas, old.thetas[30:], rtol=0, atol=1e-12)


def test_the_extra_way_is_that_of_two_runs():
    push, start = 400 * [lambda theta: np.ones(1)], np.zeros(1)
    *_, (inside, _) = iterate(HeavyBall(0.05, 0.8), push, start, Momentum(np.array([0.2 * 5])))
    *_, (outside, _) = iterate(TorchSGD(0.05, momentum=0.8), push, start, Buffer(np.array([5.0]), True))
    assert (outside - inside)[0] == pytest.approx(answer("06b.lr_drop"))
