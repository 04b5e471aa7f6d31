// Package owner names the process that something outside this program belongs to,
// so that a later run can tell what is left of a dead one from what is in use.
//
//	label := owner.Self()
//	// later, in another process
//	if owner.IsGone(label) { … }
//
// It calls an owner gone only if it is certain: what it cannot tell, lives.
package owner
