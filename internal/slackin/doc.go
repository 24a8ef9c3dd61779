// Package slackin is the way in: it receives what people do in Slack, decodes it, hands
// it to the desk and acknowledges it when it is safe.
//
// One reader per socket stamps each envelope with its time of arrival and queues it;
// workers handle the queue. When an envelope is acknowledged is the most important rule
// of the package (see Handler). Rules about tickets do not belong here. Nor do messages
// that are posted later: they go through the outbox.
package slackin
