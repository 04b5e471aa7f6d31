// Package browsertest gives tests a real browser.
//
// Start from [Start], once for all the subtests that share it:
//
//	browser := browsertest.Start(t)
//	page := browser.Open(t, browsertest.File("report.html"))
//	page.Click("#theme")
//	page.Wait("document.documentElement.dataset.theme === 'dark'")
//
// An error on the page's console, or an exception nobody caught, fails the test. A
// test that needs a browser is skipped where there is none, and fails there if the
// environment variable JEPSEN_LITE_REQUIRE_CHROMIUM is 1; JEPSEN_LITE_CHROMIUM names
// one that is not on PATH. Every wait is bounded. When the test ends no process is
// left and no profile. The package is for tests only.
package browsertest
