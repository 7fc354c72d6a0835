import { html, LitElement } from "lit";

/* An element of Lit's: its text lies in a shadow root. */
class LitShop extends LitElement {
  static properties = { count: {}, number: {}, isOpen: {} };

  constructor() {
    super();
    Object.assign(this, { count: 0, number: "⟦(202) 555-0100⟧", isOpen: false });
  }

  firstUpdated() {
    const change = (state) => () => (Object.assign(this, state), this.updateComplete);
    window.steps = [
      change({ count: 1 }),
      change({ isOpen: true }),
      change({ number: "(202) 555-0109" }),
      change({ number: "⟦202.555.0100⟧" }),
      change({ isOpen: false, count: 2 }),
    ];
    window.isHydrated();
  }

  render() {
    return html`<a href="tel:⟦+12025550100⟧" title=${this.number}>${this.number}</a> seen ${this.count} times
      ${this.isOpen ? html`<address>⟦(202) 555-0100⟧</address>` : ""}<slot></slot>`;
  }
}

customElements.define("lit-shop", LitShop);
