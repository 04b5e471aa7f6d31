package aofcheck

import (
	"fmt"
	"os"
	"path"
	"strings"
)

// Program is the name by which the server's program is that of repairs (Redis 7.0,
// server.c, main).
const Program = "redis-check-aof"

// Consent is the answer to what the program asks on its standard input: whether it
// is to cut the file.
const Consent = "y\n"

// Arguments are those to cut the log in that folder of data off where it stops making
// sense. The folder is named as the program sees it, with slashes.
func Arguments(dataDir string) []string {
	return []string{"--fix", path.Join(dataDir, "appendonlydir", "appendonly.aof.manifest")}
}

// Conclude adds what the program printed to the server's output, a file, and returns
// nil if it did its work; err is how it ended. What cannot be written is missing.
func Conclude(node, outputPath string, printed []byte, err error) error {
	if file, openErr := os.OpenFile(outputPath, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644); openErr == nil {
		_, _ = file.Write(printed)
		_ = file.Close()
	}
	if err == nil {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(string(printed)), "\n")
	return fmt.Errorf("repair the append-only file of %s: %w: %s", node, err, lines[len(lines)-1])
}
