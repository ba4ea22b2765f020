"""Changes that have to matter, of solutions that train a network for seconds, or that search one for a plain fault.

Many small changes leave such an answer right (another size, seed or learning rate, for instance), so these questions
are not tried with every small change. The changed solutions use the names that the notebook provides.
"""

from lstm_course.questions import edit

TRAINED = {
    "05-train-a-switch": {
        "never updated": edit("adam.step()", "pass"),
        "hardly trained": edit("range(200)", "range(6)"),
        "a learning rate far too small": edit("0.05", "0.0005"),
        "uphill": edit("output.backward(dlogits)", "output.backward(-dlogits)"),
        "answers for other letters": edit("layer(new_x)", "layer(new_x[:, :, ::-1])"),
        "the last answer at every step": edit("output(h).argmax", "output(h[:, -1:].repeat(h.shape[1], 1)).argmax"),
        "one step late": edit("layer(new_x)", "layer(np.roll(new_x, 1, axis=1))"),
    },
    "06-last-key": {
        "as PyTorch starts it": edit("initialise.chrono(layer, longest)", "pass"),
        "never trained": edit("fit(layer, output, x, y)", "pass"),
        "started anew after the training": edit(
            "return answers(layer, output, new_x)", "return answers(*network(x, y), new_x)"
        ),
        "answers for reversed strings": edit("new_x)", "new_x[:, ::-1].copy())"),
        "only the symbols after the keys": edit("new_x)", "new_x[:, 24:])"),
    },
    "07-stuck-gate": {
        "the one that moves most": edit("spread.argmin()", "spread.argmax()"),
        "only the first steps": edit("range(x.shape[1])", "range(7)"),
        "sums instead of gates": edit("np.stack([i, f, g, o])", "np.stack(np.split(z, 4, axis=1))"),
        "spread over the streams alone": edit("np.ptp(values, axis=(1, 2))", "np.ptp(values, axis=2).min(axis=1)"),
        "nearest to zero": edit("np.ptp(values, axis=(1, 2))", "np.abs(values.mean(axis=(1, 2)))"),
        "averages of streams": edit("np.ptp(values, axis=(1, 2))", "values.mean(axis=(1, 2))"),
        "gates in another order": edit("np.stack([i, f, g, o])", "np.stack([f, i, o, g])"),
        "gate and unit exchanged": edit("return gate, unit", "return unit, gate"),
    },
    "07-count-people": {
        "never updated": edit("adam.step()", "pass"),
        "hardly trained": edit("range(150)", "range(4)"),
        "a learning rate far too small": edit("0.03", "0.0003"),
        "uphill": edit("output.backward(dlogits)", "output.backward(-dlogits)"),
        "answers for other letters": edit("layer(new_x)", "layer(new_x[:, :, ::-1])"),
        "one step late": edit("layer(new_x)", "layer(np.roll(new_x, 1, axis=1))"),
        "only as far as the examples": edit(
            "output(h).argmax(axis=2)", "output(h * (np.arange(h.shape[1]) < x.shape[1])[:, None]).argmax(axis=2)"
        ),
    },
    "10-both-sides": {
        "one layer": edit("num_layers=2", "num_layers=1"),
        "forward only": edit("bidirectional=True", "bidirectional=False", "Linear(32", "Linear(16"),
        "hardly trained": edit("loss_of)", "loss_of, updates=2)"),
        "one step late": edit("layer(new_x)", "layer(new_x.roll(1, 1))"),
    },
    "09-battery": {
        "never updated": edit("adam.step()", "pass"),
        "hardly trained": edit("(400, 64)", "(10, 64)"),
        "a learning rate far too small": edit("0.005", "0.00001"),
        "uphill": edit("loss.backward()", "(-loss).backward()"),
        "charges of other records": edit("[:, 0], y[rows]", "[:, 0], y[rows - 1]"),
        "backward in time": edit("lstm(new_x)", "lstm(new_x.flip(1))"),
        "only the last steps": edit("lstm(x[rows])", "lstm(x[rows, -1:])"),
        "the first step's output": edit("lstm(new_x)[0][:, -1]", "lstm(new_x)[0][:, 0]"),
    },
    "08-last-marked": {
        "never trained": edit("fit(layer, output, x, y)", "pass"),
        "started anew after the training": edit("answers(layer, output, new_x)", 'answers(*network("GRU"), new_x)'),
        "answers for reversed sequences": edit("output, new_x)", "output, new_x[:, ::-1].copy())"),
        "only the steps after the marks": edit("output, new_x)", "output, new_x[:, 22:])"),
        "without the marks": edit("output, new_x)", "output, new_x * [1, 0])"),
    },
    "11-quotes": {
        "at the rate that was given": edit(", learning_rate=0.02", ""),
        "at a rate far too large": edit("0.02", "3.0"),
        "never trained": edit("fit(model, x, y, learning_rate=0.02)", "pass"),
        "trained on strings of another order": edit("fit(model, x, y,", "fit(model, x[::-1].copy(), y,"),
        "answers for reversed strings": edit("answers(model, new_x)", "answers(model, new_x[:, ::-1].copy())"),
    },
    "12-who-speaks": {
        "as it was given": edit(", learning_rate=0.02, updates=700", ""),
        "at a rate far too large": edit("0.02", "3.0"),
        "never trained": edit("fit(model, x, learning_rate=0.02, updates=700)", "pass"),
        "trained on reversed texts": edit("fit(model, x,", "fit(model, x[:, ::-1].copy(),"),
        "after reversed texts": edit("(model, new_x)", "(model, new_x[:, ::-1].copy())"),
        "only the last five symbols": edit("(model, new_x)", "(model, new_x[:, -5:])"),
        "the symbol before": edit("(model, new_x)", "(model, new_x[:, :-1])"),
    },
    "13-own-mind": {
        "as the parts stand": edit(", learning_rate=0.02, updates=400", ""),
        "never trained": edit("fit(model, x, lengths, y, learning_rate=0.02, updates=400)", "pass"),
        "hardly trained": edit("updates=400", "updates=20"),
        "answers for reversed paragraphs": edit("answers(model, new_x, ", "answers(model, new_x[:, ::-1].copy(), "),
        "read after three words": edit("model, new_x, new_lengths)", "model, new_x, np.full(len(new_x), 3))"),
        "another one's classes": edit("lengths, y, learning", "lengths, np.roll(y, 1), learning"),
    },
    "14-foreign": {
        "without attention": edit("Attending()", "Translator()"),
        "never trained": edit("fit(model, x, y)", "pass"),
        "trained on pairs that don't belong together": edit("fit(model, x, y)", "fit(model, x, y[::-1].copy())"),
        "the same weight on every word": edit("softmax(dim=2)", "softmax(dim=2) * 0 + 1 / memory.shape[1]"),
        "weights over the wrong axis": edit("softmax(dim=2)", "softmax(dim=0)"),
        "answers for reversed sentences": edit("translate(model, new_x)", "translate(model, new_x[:, ::-1].copy())"),
    },
    "16-watch": {
        "never trained": edit("updates, 0.01", "1, 0.01"),
        "hardly trained": edit("updates = 600", "updates = 15"),
        "a learning rate far too small": edit("0.01, **options", "0.00001, **options"),
        "verdicts on other patients": edit("targets[n, None]", "targets[n - 1, None]"),
        "read in the wrong direction": edit("torch.tensor(new_x)", "torch.tensor(new_x).flip(1)"),
        "signs exchanged": edit("torch.tensor(new_x)", "torch.tensor(new_x).roll(1, 2)"),
        "the other verdict": edit("[:, 0] > 0", "[:, 0] < 0"),
        "before anything happened": edit("[0][:, -1]", "[0][:, 2]"),
    },
    "17-whistles": {
        "never trained": edit("fit(model, x, y, loss)", "pass"),
        "hardly trained": edit("fit(model, x, y, loss)", "fit(model, x, y, loss, updates=40)"),
        "letters of other messages": edit("fit(model, x, y, loss)", "fit(model, x, y[::-1].copy(), loss)"),
        "not collapsed": edit("if k not in (0, last)", "if k != 0"),
        "blanks not dropped": edit("if k not in (0, last)", "if k != last"),
        "answers for reversed messages": edit("torch.tensor(new_x,", "torch.tensor(new_x[:, ::-1].copy(),"),
    },
    "18-small-reader": {
        "as the parts stand": edit(", learning_rate=0.03, epochs=40", ""),
        "never trained": edit("fit(model, x, y, learning_rate=0.03, epochs=40)", "pass"),
        "two units": edit("Reader(11)", "Reader(2)"),
        "other names": edit("fit(model, x, y,", "fit(model, x, np.roll(y, 1),"),
        "rows from bottom to top": edit("fit(model, x, y,", "fit(model, x[:, ::-1].copy(), y,"),
    },
    "19-ball": {
        "as fit stands": edit(", updates=600", ""),
        "a transformer": edit('"LSTM"', '"transformer"'),
        "never trained": edit("fit(network, x, y, updates=600)", "pass"),
        "one step late": edit("answer(network, new_x)", "answer(network, np.roll(new_x, 1, axis=1))"),
        "answers for reversed games": edit("answer(network, new_x)", "answer(network, new_x[:, ::-1].copy())"),
    },
    "20-network": {
        "without the seed": edit('data["y"], seed, hidden', 'data["y"], 0, hidden'),
        "the inputs wiped out": edit(
            '(data["x"] - mean) / spread, (data["new_x"] - mean) / spread', '0 * data["x"], 0 * data["new_x"]'
        ),
        "never trained": edit("updates=100", "updates=1"),
        "classes in place of probabilities": edit("network(new_x)", "network(new_x) > 0.5"),
        "answers to other questions": edit("network(new_x)", "network(new_x[::-1].copy())"),
        "another data set": edit('index("rain")', 'index("river")'),
        "by the first seed only": edit("for seed in seeds:", "for seed in seeds[:1] * 3:"),
    },
    "20-claim": {
        "the largest difference of a day": edit(
            "interval = differences.mean()", "interval = np.abs(differences).max()"
        ),
        "the error of the network alone": edit(
            "project.errors(tried, y[begin:]) - project.errors(rival, y[begin:])", "project.errors(tried, y[begin:])"
        ),
        "another method's answers": edit("np.array(predicted)", "1 - np.array(predicted)"),
        "the interval of single days": edit("].mean(axis=0)[rows].mean())", "].mean(axis=0)[rows[0]])"),
    },
}
