// Package e2e shows from outside what the program promises: that nothing is
// lost and nothing said twice, and how fast it is. Its tests run the program as
// it is delivered, in processes of its own, against a simulated Slack and a real
// Postgres, and look at what people in that Slack can see.
//
// make proof runs a little of each; make killtest, make bench and make torture run
// them for long. A short run, as make test is, leaves all of it out, because what it
// finds depends on having the machine to itself. Nothing but tests may enter.
package e2e
