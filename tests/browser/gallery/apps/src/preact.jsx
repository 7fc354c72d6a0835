/** @jsxImportSource preact */
import { Component } from "preact";

/* A page in Preact, with a class that keeps its state. */
export class PreactShop extends Component {
  state = { count: 0, number: "⟦(202) 555-0100⟧", isOpen: false };

  componentDidMount() {
    const change = (state) => () => new Promise((done) => this.setState(state, done));
    window.steps = [
      change({ count: 1 }),
      change({ isOpen: true }),
      change({ number: "(202) 555-0109" }),
      change({ number: "⟦202.555.0100⟧" }),
      change({ isOpen: false, count: 2 }),
    ];
    window.isHydrated();
  }

  render(_, { count, number, isOpen }) {
    return (
      <main>
        <a href="tel:⟦+12025550100⟧" title={number}>
          {number}
        </a>{" "}
        seen {count} times, ({"⟦202⇒ABC⟧"}) {"⟦555-0100⇒DEF-GHIJ⟧"} {count}
        {isOpen && <address>⟦(202) 555-0100⟧</address>}
      </main>
    );
  }
}
