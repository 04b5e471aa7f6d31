// Package netfault is the network between clients and servers, and between
// servers, with the means to harm it.
package netfault
