/* Keeps what a page asks the server, as far as it waits for an answer: not every browser tells its tester of a request's body. */
window.posted = [];
{
  const { fetch } = window;
  window.fetch = (url, options) => {
    posted.push([new URL(url, location).pathname.split("/").pop(), String(options?.body)]);
    return fetch(url, options);
  };
}
