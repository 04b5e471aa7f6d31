// Package diskfault is a disk that can lose power. (To be written.)
package diskfault
