"""A sentence-embedding model small enough to be made in a test: known words, a vector each, in a real ONNX graph."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers


def write_model(folder: Path, words: Mapping[str, Sequence[float]]) -> Path:
    """Write a model whose tokens' vectors are those of `words`, zero for unknown ones; return its folder."""
    folder.mkdir(parents=True)
    width = len(next(iter(words.values())))
    _write_graph(folder / "model.onnx", np.array([[0.0] * width] * 2 + list(words.values()), np.float32))
    vocabulary = {"[PAD]": 0, "[UNK]": 1} | {word: index + 2 for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"pad_token": "[PAD]", "model_max_length": 32}))
    (folder / "config.json").write_text(json.dumps({"pad_token_id": 0}))
    (folder / "special_tokens_map.json").write_text(json.dumps({"pad_token": "[PAD]", "unk_token": "[UNK]"}))
    return folder


def _write_graph(path: Path, table: np.ndarray) -> None:
    """Write a graph that looks up each token: (texts, tokens) → (texts, tokens, width)."""
    tokens = ["texts", "tokens"]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "lookup",
        [helper.make_tensor_value_info(name, TensorProto.INT64, tokens) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*tokens, table.shape[1]])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
