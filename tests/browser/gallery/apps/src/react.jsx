import { Suspense, useEffect, useState } from "react";
import { flushSync } from "react-dom";

/* A page in React: the number as text, in pieces, in attributes, in a list and in a view that comes and goes. */

function Line({ label, area, rest }) {
  return (
    <p>
      {label}: ({area}) {rest}
    </p>
  );
}

function Contact({ children }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section>
      <button onClick={() => setOpen(!isOpen)} title="Ring ⟦(202) 555-0100⟧">
        {isOpen ? "Hide" : "Show"}
      </button>
      {isOpen && (
        <address>
          12 Example Street, ⟦(202) 555-0100⟧ {children}
        </address>
      )}
    </section>
  );
}

export function App({ Late }) {
  const [count, setCount] = useState(0);
  const [number, setNumber] = useState("⟦(202) 555-0100⟧");
  const [rows, setRows] = useState(["Sales"]);
  useEffect(() => {
    const click = () => document.querySelector("section button").click();
    window.steps = [
      () => flushSync(() => setCount(1)),
      () => flushSync(click),
      () => flushSync(() => setNumber("(202) 555-0109")),
      () => flushSync(() => setNumber("⟦202.555.0100⟧")),
      () => flushSync(() => setRows(["Service", "Sales", "Parts"])),
      () => flushSync(() => setCount(2)),
      () => flushSync(click),
      () => flushSync(() => setRows(["Sales"])),
    ];
    window.isHydrated();
  }, []);
  return (
    <>
      <header>
        <a href="tel:⟦+12025550100⟧" aria-label={`Ring ${number}`}>
          {number}
        </a>{" "}
        seen {count} times
      </header>
      <Line label="Telephone" area="⟦202⇒ABC⟧" rest="⟦555-0100⇒DEF-GHIJ⟧" />
      <ul>
        {rows.map((row) => (
          <li key={row}>
            {row} ⟦(202) 555-0100⟧, {count}
          </li>
        ))}
      </ul>
      <p>
        <b>⟦202⇒ABC⟧</b>-<i>⟦555⇒DEF⟧</i>-<span>⟦0100⇒GHIJ⟧</span>
      </p>
      <input placeholder={number} defaultValue="(202) 555-0100" />
      <Contact>or come in</Contact>
      {Late && (
        <Suspense fallback={<p>Loading ⟦(202) 555-0100⟧</p>}>
          <Late />
        </Suspense>
      )}
    </>
  );
}
