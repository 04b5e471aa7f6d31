package nemesis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// backupPoll is how often a server is asked whether it has done its part.
const backupPoll = 10 * time.Millisecond

func canStore(node target.Node) error {
	if s, ok := node.(target.Storer); !ok || s.DataDir() == "" {
		return lacks(node, "reached by its files")
	}
	return nil
}

// backup is a copy of a node's data folder, beside it.
type backup struct {
	node   target.Node
	folder string
	taken  time.Duration // on the clock of the run
}

// takeBackup copies the data of a server that runs, as the Redis manual says
// (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/,
// "Backing up Redis data"): a snapshot is made with BGSAVE and copied; the folder
// of an append-only file is copied while rewriting it is off and none goes on.
func takeBackup(ctx context.Context, env Env, node target.Node) (b *backup, err error) {
	appends, err := setting(ctx, node, "appendonly")
	if err != nil {
		return nil, err
	}
	if appends == "yes" {
		rewriting := env.settings()
		defer func() {
			_, restoreErr := rewriting.restore(ctx)
			err = errors.Join(err, restoreErr)
		}()
		if err := rewriting.change(ctx, node, [2]string{"auto-aof-rewrite-percentage", "0"}); err != nil {
			return nil, err
		}
	} else if _, err := command(ctx, node, "BGSAVE"); err != nil {
		return nil, err
	}
	if err := awaitChildren(ctx, env.Clock, node); err != nil {
		return nil, err
	}
	data := node.(target.Storer).DataDir()
	b = &backup{node, data + ".backup", env.Clock.Now()}
	if err := errors.Join(os.RemoveAll(b.folder), os.CopyFS(b.folder, os.DirFS(data))); err != nil {
		return nil, fmt.Errorf("back %s up: %w", node.Name(), err)
	}
	return b, nil
}

// awaitChildren waits until the server neither saves nor rewrites.
func awaitChildren(ctx context.Context, clock target.Clock, node target.Node) error {
	for _, name := range []string{"rdb_bgsave_in_progress", "aof_rewrite_in_progress"} {
		for {
			busy, err := figure(ctx, node, "persistence", name)
			if err != nil {
				return err
			}
			if busy == 0 {
				break
			}
			if !clock.Sleep(ctx, backupPoll) {
				return fmt.Errorf("wait for %s of %s: %w", name, node.Name(), ctx.Err())
			}
		}
	}
	return nil
}

// putBack replaces the node's data by the backup's. The server must be down. The
// folder itself stays: something may be mounted on it.
func (b *backup) putBack() error {
	data := b.node.(target.Storer).DataDir()
	entries, err := os.ReadDir(data)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(data, e.Name())))
	}
	if err = errors.Join(err, os.CopyFS(data, os.DirFS(b.folder))); err != nil {
		return fmt.Errorf("put back the backup of %s: %w", b.node.Name(), err)
	}
	if d, ok := b.node.(diskOwner); ok && d.Disk() != nil {
		// Else a power loss soon after would leave files without content, and a
		// server that does not start: another fault than this one.
		return d.Disk().Sync()
	}
	return nil
}
