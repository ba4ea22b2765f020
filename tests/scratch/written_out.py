"""The equations of every layer written out in PyTorch, step by step, so that autograd gives the gradients."""

import torch

from lstm_course.scratch import GRU, LSTM, RNN


def lstm(p, x, states, seen):
    h, c = states
    z = p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]
    i, f, g, o = z.chunk(4)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def gru(p, x, states, seen):
    (h,) = states
    xr, xz, xn = (p["weight_ih"] @ x + p["bias_ih"]).chunk(3)
    hr, hz, hn = (p["weight_hh"] @ seen + p["bias_hh"]).chunk(3)
    r, z = (xr + hr).sigmoid(), (xz + hz).sigmoid()
    n = (xn + r * hn).tanh()
    return ((1 - z) * n + z * h,)


def rnn(p, x, states, seen):
    return ((p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).tanh(),)


def vanilla(p, x, states, seen):
    """Greff et al. (2017), section II, with peepholes p_i, p_f, p_o."""
    h, c = states
    i, f, g, o = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(4)
    p_i, p_f, p_o = p["weight_peephole"]
    new = (f + p_f * c).sigmoid() * c + (i + p_i * c).sigmoid() * g.tanh()
    return (o + p_o * new).sigmoid() * new.tanh(), new


def nig(p, x, states, seen):
    h, c = states
    f, g, o = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(3)
    p_f, p_o = p["weight_peephole"]
    new = (f + p_f * c).sigmoid() * c + g.tanh()
    return (o + p_o * new).sigmoid() * new.tanh(), new


def nfg(p, x, states, seen):
    h, c = states
    i, g, o = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(3)
    p_i, p_o = p["weight_peephole"]
    new = c + (i + p_i * c).sigmoid() * g.tanh()
    return (o + p_o * new).sigmoid() * new.tanh(), new


def nog(p, x, states, seen):
    h, c = states
    i, f, g = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(3)
    p_i, p_f = p["weight_peephole"]
    new = (f + p_f * c).sigmoid() * c + (i + p_i * c).sigmoid() * g.tanh()
    return new.tanh(), new


def niaf(p, x, states, seen):
    h, c = states
    i, f, g, o = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(4)
    p_i, p_f, p_o = p["weight_peephole"]
    new = (f + p_f * c).sigmoid() * c + (i + p_i * c).sigmoid() * g
    return (o + p_o * new).sigmoid() * new.tanh(), new


def noaf(p, x, states, seen):
    h, c = states
    i, f, g, o = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(4)
    p_i, p_f, p_o = p["weight_peephole"]
    new = (f + p_f * c).sigmoid() * c + (i + p_i * c).sigmoid() * g.tanh()
    return (o + p_o * new).sigmoid() * new, new


def cifg(p, x, states, seen):
    h, c = states
    i, g, o = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(3)
    p_i, p_o = p["weight_peephole"]
    i = (i + p_i * c).sigmoid()
    new = (1 - i) * c + i * g.tanh()
    return (o + p_o * new).sigmoid() * new.tanh(), new


def fgr(p, x, states, seen):
    h, c, *before = states
    i, f, g, o = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(4)
    p_i, p_f, p_o = p["weight_peephole"]
    from_i, from_f, from_o = (p["weight_gate"] @ torch.cat(before)).chunk(3)
    i, f = (i + from_i + p_i * c).sigmoid(), (f + from_f + p_f * c).sigmoid()
    new = f * c + i * g.tanh()
    o = (o + from_o + p_o * new).sigmoid()
    return o * new.tanh(), new, i, f, o


def cell_1997(p, x, states, seen):
    h, c = states
    i, g, o = (p["weight_ih"] @ x + p["bias_ih"] + p["weight_hh"] @ seen + p["bias_hh"]).chunk(3)
    new = c + i.sigmoid() * g.tanh()
    return o.sigmoid() * new.tanh(), new


STEPS = {LSTM: lstm, GRU: gru, RNN: rnn}
VARIANT_STEPS = {
    "vanilla": vanilla,
    "NIG": nig,
    "NFG": nfg,
    "NOG": nog,
    "NIAF": niaf,
    "NOAF": noaf,
    "CIFG": cifg,
    "NP": lstm,
    "FGR": fgr,
    "1997": cell_1997,
}


def run(layer, x, state, dy, dstate, mask=None, drops=None, keeps=None):
    """The results that a layer must give, computed sample by sample and step by step; gradients come from autograd.

    `drops` are the masks between layers, (T or 1, N, width), `keeps` those of the recurrent product, (N, H).
    """
    step = VARIANT_STEPS[layer.options["variant"]] if "variant" in layer.options else STEPS[type(layer)]
    parameters = {name: torch.tensor(p, requires_grad=True) for name, p in layer.parameters.items()}
    x, state = torch.tensor(x, requires_grad=True), [torch.tensor(each, requires_grad=True) for each in state]
    N, T, _ = x.shape
    directions = ["", "_reverse"] if layer.bidirectional else [""]
    ys, finals = [], []
    for n in range(N):
        below, final = [x[n, t] for t in range(T)], []
        for k in range(layer.num_layers):
            outputs = []
            for d, direction in enumerate(directions):
                place, suffix = k * len(directions) + d, f"_l{k}{direction}"
                p = {name.removesuffix(suffix): each for name, each in parameters.items() if name.endswith(suffix)}
                states, output = tuple(each[place, n] for each in state), [None] * T
                for t in reversed(range(T)) if direction else range(T):
                    if mask is not None and not mask[n, t]:
                        output[t] = torch.zeros_like(states[0])
                        continue
                    seen = states[0] if keeps is None else states[0] * torch.tensor(keeps[place][n])
                    dropped = below[t]
                    if drops is not None and k:
                        at = t if len(drops[k]) > 1 else 0
                        dropped = dropped * torch.tensor(drops[k][at, n])
                    states = step(p, dropped, states, seen)
                    output[t] = states[0]
                outputs.append(output)
                final.append(states)
            below = [torch.cat(parts) for parts in zip(*outputs, strict=True)]
        ys.append(torch.stack(below))
        finals.append([torch.stack(each) for each in zip(*final, strict=True)])
    y = torch.stack(ys)
    finals = [torch.stack(each, dim=1) for each in zip(*finals, strict=True)]
    depend = [  # with every step masked, y depends on nothing
        (tensor, torch.tensor(array))
        for tensor, array in zip((y, *finals), (dy, *dstate), strict=True)
        if tensor.requires_grad
    ]
    torch.autograd.backward(*zip(*depend, strict=True))

    def gradient(tensor):
        return (torch.zeros_like(tensor) if tensor.grad is None else tensor.grad).numpy()

    named = {"y": y.detach().numpy(), "dx": gradient(x)} | {name: gradient(p) for name, p in parameters.items()}
    for letter, after, before in zip(layer.state_names, finals, state, strict=True):
        named |= {letter: after.detach().numpy(), f"d{letter}0": gradient(before)}
    return named
