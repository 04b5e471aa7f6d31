package serve

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
)

// archive answers with a run's folder as a zip file, made while it is sent.
func (p *pages) archive(w http.ResponseWriter, r *http.Request) {
	d, ok := p.requested(w, r)
	if !ok {
		return
	}
	root, err := p.store.open(d.ID)
	if err != nil {
		p.refuse(w, err)
		return
	}
	defer root.Close()
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", disposition(d.ID.Workload+"-"+d.ID.Name+".zip"))
	if r.Method == http.MethodHead {
		return
	}
	z := zip.NewWriter(w)
	err = fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil {
			err = r.Context().Err()
		}
		if err == nil && e.Type().IsRegular() { // a link may lead anywhere
			err = pack(z, root, name, path.Join(d.ID.Name, name))
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a run that goes on removes files too
		}
		return err
	})
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(http.ErrAbortHandler) // so that nobody takes a part of it for all
	}
}

// pack adds a file, as far as it was when it was opened: one of a run that goes on
// grows.
func pack(z *zip.Writer, root *os.Root, name, as string) error {
	f, info, err := openRegular(root, name)
	if err != nil {
		return err
	}
	defer f.Close()
	header, err := zip.FileInfoHeader(info)
	if err != nil {
		return err
	}
	header.Name, header.Method = as, zip.Deflate
	to, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, io.LimitReader(f, info.Size()))
	return err
}
