// Package historytest finds the histories of others that tests read and judge:
// those of Knossos, porcupine, Elle and Jepsen's own tests, each with its known
// verdict.
//
//	folder := historytest.Vectors(t)
//	for _, v := range historytest.Rows(t, folder) {
//		h, err := history.ReadFile(filepath.Join(folder, v.Path), history.ReadOptions{})
//		...
//	}
//
// They are not part of this repository, so tests without them are skipped, unless
// the environment says that they must be there. The package reads the index only:
// what a history holds is for the tests to say.
package historytest
