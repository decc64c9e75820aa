// A request whose path is not UTF-8 ends Prism's process. It stays up here, so that a campaign sees
// the rest of it: such a request gets no answer, or a 500, and is told as that.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (problem) => console.error(event, problem));
}
