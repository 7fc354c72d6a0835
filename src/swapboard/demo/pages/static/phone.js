// The demo's phone: dials on the simulated network and shows what the caller would hear.
(function () {
  var form = document.getElementById("phone");
  var state = document.getElementById("state");
  var hangUp = form.querySelector(".hang-up");
  var dial = form.querySelector(".dial");
  var words = { dialling: "Dialling…", ringing: "It rings…", talking: "Somebody answered. You are talking.", finished: "The call has ended." };
  var call = null;

  function show(text) {
    state.textContent = text;
  }

  function done(text) {
    call = null;
    dial.disabled = false;
    hangUp.disabled = true;
    show(text);
  }

  function look() {
    if (!call) return;
    fetch("/phone/calls/" + call).then(function (answer) { return answer.json(); }).then(function (said) {
      if (said.state === "finished") return done(words.finished);
      show(words[said.state] || said.state);
      setTimeout(look, 300);
    }).catch(function () { done("The demo does not answer any more."); });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    dial.disabled = true;
    show(words.dialling);
    var facts = Object.fromEntries(new FormData(form));
    fetch("/phone/calls", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(facts) })
      .then(function (answer) { return answer.json(); })
      .then(function (said) {
        if (said.error) return done(said.error);
        call = said.call_ref;
        hangUp.disabled = false;
        look();
      })
      .catch(function () { done("The demo does not answer any more."); });
  });

  hangUp.addEventListener("click", function () {
    if (call) fetch("/phone/calls/" + call + "/hang-up", { method: "POST" });
  });
})();
