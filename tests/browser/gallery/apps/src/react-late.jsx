import { useEffect } from "react";

export function Late() {
  useEffect(() => window.isComplete?.(), []);
  return (
    <aside>
      <p>
        Late, but ⟦(202) 555-0100⟧ <a href="tel:⟦+12025550100⟧">⟦202-555-0100⟧</a>
      </p>
    </aside>
  );
}
