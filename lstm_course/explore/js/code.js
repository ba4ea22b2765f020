// The current state as a program in NumPy or PyTorch.
import { gatePath } from "./state.js";

const list = values => `[${values.map(value => String(value)).join(", ")}]`;
const rows = matrix => `[${matrix.map(list).join(",\n    ")}]`;

export function asCode(state, library) {
  return (state.mode === "hand" ? byHand : fromWeights)(state, library);
}

function byHand(state, library) {
  const torch = library === "torch";
  const T = state.x.length;
  const array = values => {
    if (values.some(value => value !== values[0])) return torch ? `torch.tensor(${list(values)}, dtype=torch.float64)` : `np.array(${list(values)}, dtype=float)`;
    return torch ? `torch.full((${T},), ${values[0]}, dtype=torch.float64)` : `np.full(${T}, ${values[0]}, dtype=float)`;
  };
  const tanh = torch ? "torch.tanh" : "np.tanh";
  return `${torch ? "import torch" : "import numpy as np"}

x = ${array(state.x)}
i = ${array(gatePath(state, "i"))}  # set by hand, like f and o
f = ${array(gatePath(state, "f"))}
o = ${array(gatePath(state, "o"))}
g = ${tanh}(x)

c = ${torch ? `torch.tensor(${state.c0}, dtype=torch.float64)` : String(state.c0)}
cell_states, hidden_states = [], []
for t in range(${T}):
    c = f[t] * c + i[t] * g[t]
    h = o[t] * ${tanh}(c)
    cell_states.append(float(c))
    hidden_states.append(float(h))
print(f"after ${T} steps: c = {cell_states[-1]:.4f}, h = {hidden_states[-1]:.4f}")
`;
}

function fromWeights(state, library) {
  const { x, w, u, b, rest, c0, h0 } = state;
  const T = x.length;
  const more = rest.length > 0; // `rest` becomes four more features with weight one
  const head = `x = ${list(x)}
w = ${list(w)}  # input weights of i, f, g, o
u = ${list(u)}  # recurrent weights
b = ${list(b)}  # biases
${more ? `rest = ${rows(rest)}  # added to the pre-activations of i, f, g, o at each step\n` : ""}`;
  const tail = `print(f"after ${T} steps: c = {cell_states[-1]:.4f}, h = {hidden_states[-1]:.4f}")\n`;
  if (library === "numpy") {
    return `import numpy as np

${head}

def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


h, c = ${h0}, ${c0}
cell_states, hidden_states = [], []
for t in range(${T}):
    z = np.array(w) * x[t] + np.array(u) * h + np.array(b)${more ? " + np.array(rest[t])" : ""}
    i, f, g, o = sigmoid(z[0]), sigmoid(z[1]), np.tanh(z[2]), sigmoid(z[3])
    c = f * c + i * g
    h = o * np.tanh(c)
    cell_states.append(float(c))
    hidden_states.append(float(h))
${tail}`;
  }
  return `import torch

${head}
cell = torch.nn.LSTMCell(${more ? 5 : 1}, 1, dtype=torch.float64)
with torch.no_grad():
    cell.weight_ih.copy_(${more ? "torch.cat([torch.tensor(w, dtype=torch.float64).reshape(4, 1), torch.eye(4, dtype=torch.float64)], dim=1)" : "torch.tensor(w, dtype=torch.float64).reshape(4, 1)"})
    cell.weight_hh.copy_(torch.tensor(u, dtype=torch.float64).reshape(4, 1))
    cell.bias_ih.copy_(torch.tensor(b, dtype=torch.float64))
    cell.bias_hh.zero_()

    h, c = torch.tensor([[${h0}]], dtype=torch.float64), torch.tensor([[${c0}]], dtype=torch.float64)
    cell_states, hidden_states = [], []
    for t in range(${T}):
        h, c = cell(torch.tensor([[x[t]${more ? ", *rest[t]" : ""}]], dtype=torch.float64), (h, c))
        cell_states.append(float(c))
        hidden_states.append(float(h))
${tail}`;
}
