// Package bandwidth is the effect "bandwidth": it holds what the network
// namespace that the agent is in sends, receives, or both, to a rate, by
// traffic control. Traffic control stays when the agent is killed, so that
// another agent takes it away: whatever bears this package's names.
package bandwidth
