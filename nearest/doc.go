// Package nearest guesses which word somebody meant.
//
// Start from [Word].
//
//	nearest.Word("kil", []string{"pause", "kill"}) // kill
//
// It knows nothing about the words: who asks says which there are.
package nearest
