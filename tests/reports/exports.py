"""Exports of costs as ad platforms write them, with made-up campaigns."""

GOOGLE_ADS = (
    b"Search keyword report\n"
    b'"November 1, 2026 - November 2, 2026"\n'
    b"Day,Campaign,Ad group,Search keyword,Match type,Currency code,Clicks,Impr.,CTR,Avg. CPC,Cost\n"
    b'2026-11-01,Emergency,Drains,[blocked drain],Exact match,USD,"1,204",20000,6.02%,1.02,"1,234.56"\n'
    b'2026-11-01,Emergency,Drains,"""blocked drain""",Phrase match,USD,3,10,30%,1.00,3.00\n'
    b"2026-11-02,Emergency,Pipes,burst pipe,Broad match,USD,0,12, --, --,0.00\n"
    b'2026-11-02,"Boiler, new",Boilers,new boiler,Broad match,USD,7,90,7.8%,2.10,14.70\n'
    b'Total: Search keywords, --, --, --, --,USD,"1,214",20112,6.0%,1.03,"1,252.26"\n'
    b'Total: Account, --, --, --, --,USD,"1,214",20112,6.0%,1.03,"1,252.26"\n'
)

GOOGLE_ADS_FOR_EXCEL = (
    "Bericht zu Kampagnen\n"
    "1. November 2026 - 2. November 2026\n"
    "Tag\tKampagne\tWährungscode\tKlicks\tImpressionen\tKosten\n"
    "01.11.2026\tNotdienst\tEUR\t1.204\t20.000\t1.234,56\n"
    "02.11.2026\tNotdienst\tEUR\t3\t15\t2,50\n"
    "Gesamt: Konto\t --\tEUR\t1.207\t20.015\t1.237,06\n"
).encode("utf-16")
"""UTF-16 with tabs, which Google calls "Excel .csv"; German words and numbers."""

MICROSOFT = (
    '"Report Name:","Keywords"\r\n'
    '"Report Time:","11/1/2026 - 11/2/2026"\r\n'
    "\r\n"
    '"Gregorian date","Account name","Campaign","Ad group","Keyword","Currency","Impressions","Clicks","Spend"\r\n'
    '"11/1/2026","Ours","Emergency","Drains","blocked drain","USD","1,500","30","45.10"\r\n'
    '"11/13/2026","Ours","Emergency","Drains","burst pipe","USD","100","2","4.90"\r\n'
    '"Totals","","","","","USD","1,600","32","50.00"\r\n'
    '"©2026 Microsoft Corporation. All rights reserved. "\r\n'
).encode("utf-8-sig")

META = (
    b'"Campaign name","Ad set name","Reporting starts","Reporting ends","Amount spent (EUR)",'
    b'Impressions,"Link clicks"\n'
    b',,2026-11-01,2026-11-03,"100.01",3000,33\n'
    b'"Spring, again","Owners",2026-11-01,2026-11-03,"100.00",2999,32\n'
    b'"Old houses",All,2026-11-02,2026-11-02,0.01,1,1\n'
)
"""Without a breakdown by day: what several days cost, and the total as the first row."""

OWN = b"Datum;Radio;Betrag in Euro\n3.11.2026;Morgensendung;1.500,00\n4.11.2026;Morgensendung;750,5\n"
