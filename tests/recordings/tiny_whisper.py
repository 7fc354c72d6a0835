"""A Whisper model with one layer and random weights: real files, real loading, real decoding, no meaning.

Models of any worth cannot be fetched where the tests run; what is tested with it is all that is ours, and that
faster-whisper takes what we give it.
"""

from pathlib import Path

import numpy as np
from ctranslate2.specs import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

MEL_BANDS, WIDTH, AUDIO_FRAMES, TEXT_LENGTH, HEADS = 80, 64, 1_500, 448, 2
LANGUAGES = ("en", "zh", "de", "es", "ru", "ko", "fr", "ja", "pt", "tr", "pl", "ca", "nl", "ar", "sv", "it", "id")


def build(folder: Path) -> Path:
    """Write the model into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    size = tokenizer.get_vocab_size()
    spec = WhisperSpec(
        num_encoder_layers=1, num_encoder_heads=HEADS, num_decoder_layers=1, num_decoder_heads=HEADS
    )
    random = np.random.default_rng(7)
    _fill_encoder(spec.encoder, random)
    _fill_decoder(spec.decoder, random, size)
    spec.register_vocabulary([tokenizer.id_to_token(index) for index in range(size)])
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [tokenizer.token_to_id(f"<|{name}|>") for name in LANGUAGES]
    spec.config.alignment_heads = [(0, 0), (0, 1)]
    spec.validate()
    spec.save(str(folder))
    return folder


def _tokenizer() -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [f"Ġ{word}" for word in ("the", "appointment", "tomorrow", "and", "call", "please", "you", "water")]
    vocabulary = {token: index for index, token in enumerate([*alphabet, *words])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    control = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{name}|>" for name in LANGUAGES)]
    control += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>"]
    control += ["<|nocaptions|>", "<|notimestamps|>", *(f"<|{step * 0.02:.2f}|>" for step in range(1_501))]
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in control])
    return tokenizer


def _fill_encoder(encoder: object, random: np.random.Generator) -> None:
    encoder.conv1.weight = _some(random, WIDTH, MEL_BANDS, 3)  # type: ignore[attr-defined]
    encoder.conv1.bias = _some(random, WIDTH)  # type: ignore[attr-defined]
    encoder.conv2.weight = _some(random, WIDTH, WIDTH, 3)  # type: ignore[attr-defined]
    encoder.conv2.bias = _some(random, WIDTH)  # type: ignore[attr-defined]
    encoder.position_encodings.encodings = _some(random, AUDIO_FRAMES, WIDTH)  # type: ignore[attr-defined]
    _norm(encoder.layer_norm, random)  # type: ignore[attr-defined]
    for layer in encoder.layer:  # type: ignore[attr-defined]
        _layer(layer, random)


def _fill_decoder(decoder: object, random: np.random.Generator, size: int) -> None:
    decoder.embeddings.weight = _some(random, size, WIDTH)  # type: ignore[attr-defined]
    decoder.position_encodings.encodings = _some(random, TEXT_LENGTH, WIDTH)  # type: ignore[attr-defined]
    decoder.projection.weight = decoder.embeddings.weight  # type: ignore[attr-defined]
    _norm(decoder.layer_norm, random)  # type: ignore[attr-defined]
    for layer in decoder.layer:  # type: ignore[attr-defined]
        _layer(layer, random)
        _norm(layer.attention.layer_norm, random)
        _linear(layer.attention.linear[0], random, WIDTH, WIDTH)
        _linear(layer.attention.linear[1], random, 2 * WIDTH, WIDTH)
        _linear(layer.attention.linear[2], random, WIDTH, WIDTH)


def _layer(layer: object, random: np.random.Generator) -> None:
    _norm(layer.self_attention.layer_norm, random)  # type: ignore[attr-defined]
    _linear(layer.self_attention.linear[0], random, 3 * WIDTH, WIDTH)  # type: ignore[attr-defined]
    _linear(layer.self_attention.linear[1], random, WIDTH, WIDTH)  # type: ignore[attr-defined]
    _norm(layer.ffn.layer_norm, random)  # type: ignore[attr-defined]
    _linear(layer.ffn.linear_0, random, 4 * WIDTH, WIDTH)  # type: ignore[attr-defined]
    _linear(layer.ffn.linear_1, random, WIDTH, 4 * WIDTH)  # type: ignore[attr-defined]


def _norm(norm: object, random: np.random.Generator) -> None:
    norm.gamma = np.ones(WIDTH, dtype=np.float32)  # type: ignore[attr-defined]
    norm.beta = _some(random, WIDTH)  # type: ignore[attr-defined]


def _linear(linear: object, random: np.random.Generator, out: int, into: int) -> None:
    linear.weight = _some(random, out, into)  # type: ignore[attr-defined]
    linear.bias = _some(random, out)  # type: ignore[attr-defined]


def _some(random: np.random.Generator, *shape: int) -> np.ndarray:
    return random.normal(0, 0.05, shape).astype(np.float32)
