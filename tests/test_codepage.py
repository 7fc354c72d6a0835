"""Short lists as Excel saves them, country by country, come out as they were written."""

import pytest

from swapboard.codepage import code_page_of
from swapboard.spreadsheet import text_of

_LISTS = [
    ("cp1251", "Дата;Кампания;Сумма\n01.11.2026;Весна;100,50\n"),
    ("cp1251", "Дата;Кампанія;Сума\n01.11.2026;Весняна перевірка;100,50\n"),
    ("koi8-r", "Дата;Кампания;Сумма\n01.11.2026;Весна;100,50\n"),
    ("cp1250", "Datum;Kampaň;Částka\n1.11.2026;Jarní údržba;100,50\n"),
    ("cp1250", "Data;Kampania;Kwota\n1.11.2026;Usługi hydrauliczne Łódź;100,50\n"),
    ("cp1250", "Data;Kampania;Kwota\n1.11.2026;Święta;100,50\n"),
    ("cp1250", "Data;Kampania;Kwota\n1.11.2026;Remont źródło, żółty;100,50\n"),
    ("cp1250", "Dátum;Kampány;Összeg\n2026.11.01;Tűzhely őszi;100,50\n"),
    ("cp1250", "Data;Campania;Suma\n1.11.2026;Primăvară Timişoara;100,50\n"),
    ("cp1250", "Datum;Kampanja;Iznos\n1.11.2026;Proljeće čišćenje;100,50\n"),
    ("cp1252", "Datum;Kampagne;Kosten\n01.11.2026;Frühjahr Köln Straße;100,50 €\n"),
    ("cp1252", "Date;Campagne;Coût\n01.11.2026;Été à Nîmes, cœur de ville;100,50\n"),
    ("cp1252", "Fecha;Campaña;Coste\n01.11.2026;Otoño Málaga, nº 1;100,50\n"),
    ("cp1252", "Data;Campanha;Custo\n2026-11-01;Promoção São João;100,50\n"),
    ("cp1252", "Dato;Kampagne;Pris\n2026-11-01;Forår København Århus;100,50\n"),
    ("cp1252", "Datum;Kampanj;Kostnad\n2026-11-01;Vår Göteborg Åre;100,50\n"),
    ("cp1252", "Date,Campaign,Cost\n2026-11-01,Joe’s – “drains”,£100.50\n"),  # noqa: RUF001 as Word writes it
    ("cp1252", "Date,Campaign,Cost\n2026-11-01,Café,€100.50\n"),
    ("cp1253", "Ημερομηνία;Καμπάνια;Κόστος\n01/11/2026;Άνοιξη Αθήνα;100,50\n"),
    ("cp1254", "Tarih;Kampanya;Tutar\n01.11.2026;İlkbahar şofben;100,50\n"),
    ("cp1257", "Data;Kampanija;Suma\n2026-11-01;Šiauliai, gruodžio akcija ąžuolų;100,50\n"),
]


@pytest.mark.parametrize(("code_page", "text"), _LISTS)
def test_each_country_s_list_is_read_as_it_was_written(code_page: str, text: str) -> None:
    assert text_of(text.encode(code_page)) == text


def test_one_strange_name_does_not_change_the_whole_list() -> None:
    text = "Kampagne\nFrühjahr Köln\nStraße Düren\nGrüße aus Málaga\nSão Paulo für Anfänger\n"
    assert code_page_of(text.encode("cp1252")) == "cp1252"


@pytest.mark.parametrize(
    "name", ["O\N{ACUTE ACCENT}Neil Plumbing", "Wi-Fi®Pro", "Foo™Bar", "wait…what", "€uro", "Nord·Süd"]
)
def test_a_sign_within_a_word_makes_no_list_unreadable(name: str) -> None:
    assert text_of(f"Campaign\n{name}\n".encode("cp1252")) == f"Campaign\n{name}\n"


def test_what_would_be_nonsense_in_each_is_not_guessed() -> None:
    assert code_page_of("日本語キャンペーン".encode("shift-jis")) is None


def test_what_is_plain_or_nothing_is_the_west_s() -> None:
    assert code_page_of(b"") == code_page_of(b"Date,Campaign") == "cp1252"
