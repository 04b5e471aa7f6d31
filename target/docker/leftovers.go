package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"github.com/jepsen-lite/jepsen-lite/target/owner"
)

// Leftover is something of ours in the engine whose owner has ended.
type Leftover struct {
	// Kind is container, network or volume.
	Kind string
	ID   string
	Name string
	// Owner is the process that it belonged to, as package owner names it.
	Owner string
}

// Leftovers returns what processes of ours that have ended left in the engine. What
// belongs to one that lives, or that we cannot tell, is not there. Where no engine
// answers, the error is a [*NoEngineError].
func Leftovers(ctx context.Context) ([]Leftover, error) {
	e, err := open(ctx, "")
	if err != nil {
		return nil, err
	}
	defer e.close()
	return e.leftovers(ctx)
}

// Clean removes the leftovers, and returns those that it removed.
func Clean(ctx context.Context) ([]Leftover, error) {
	e, err := open(ctx, "")
	if err != nil {
		return nil, err
	}
	defer e.close()
	found, err := e.leftovers(ctx)
	if err != nil {
		return nil, err
	}
	var removed []Leftover
	var errs []error
	for _, l := range found {
		if err := e.clean(ctx, l); err != nil {
			errs = append(errs, fmt.Errorf("remove %s %s: %w", l.Kind, cmp.Or(l.Name, l.ID), err))
			continue
		}
		removed = append(removed, l)
	}
	return removed, errors.Join(errs...)
}

// clean removes a leftover; one that somebody else has removed meanwhile counts.
func (e *engine) clean(ctx context.Context, l Leftover) error {
	var err error
	switch l.Kind {
	case "container":
		return e.remove(ctx, l.ID)
	case "network":
		_, err = e.NetworkRemove(ctx, l.ID, client.NetworkRemoveOptions{})
	case "volume":
		_, err = e.VolumeRemove(ctx, l.ID, client.VolumeRemoveOptions{})
	}
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// leftovers lists containers first: what they use cannot be removed before them.
func (e *engine) leftovers(ctx context.Context) ([]Leftover, error) {
	ours := make(client.Filters).Add("label", label+"=1")
	var found []Leftover
	add := func(kind, id, name string, labels map[string]string) {
		if by := labels[ownerLabel]; labels[label] == "1" && owner.IsGone(by) {
			found = append(found, Leftover{kind, id, name, by})
		}
	}
	containers, err := e.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ours})
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	for _, c := range containers.Items {
		add("container", c.ID, strings.TrimPrefix(strings.Join(c.Names, ","), "/"), c.Labels)
	}
	networks, err := e.NetworkList(ctx, client.NetworkListOptions{Filters: ours})
	if err != nil {
		return nil, fmt.Errorf("list networks: %w", err)
	}
	for _, n := range networks.Items {
		add("network", n.ID, n.Name, n.Labels)
	}
	volumes, err := e.VolumeList(ctx, client.VolumeListOptions{Filters: ours})
	if err != nil {
		return nil, fmt.Errorf("list volumes: %w", err)
	}
	for _, v := range volumes.Items {
		add("volume", v.Name, v.Name, v.Labels)
	}
	return found, nil
}
