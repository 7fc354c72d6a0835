import { Phone, usePhone } from "@swapboard/react";
import { useState } from "react";

/** A page that shows the number in a link and in a sentence, and renders again when its button is pressed. */
export function App({ target, text }) {
  const [times, setTimes] = useState(0);
  const { text: shown } = usePhone(target, text);
  return (
    <main>
      <p id="link">
        <Phone target={target} className="big">
          {text}
        </Phone>
      </p>
      <p id="sentence" data-swapboard="off">
        Ring us on {shown}.
      </p>
      <button onClick={() => setTimes(times + 1)}>{times} times</button>
    </main>
  );
}
