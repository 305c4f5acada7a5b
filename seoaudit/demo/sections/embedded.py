"""What a page embeds or sends: pictures, scripts, frames, forms."""

from dataclasses import replace

from seoaudit.demo.answers import Answer, Section, at, moved, page


def _asset(path: str, media_type: str, body: bytes) -> Answer:
    return Answer(url=at(path), headers=(("Content-Type", media_type.encode()),), body=body, asked="assets=1")


PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="#c60"/></svg>'
PAGE = "/embedded/framed/"

SECTION = Section(
    path="/embedded/",
    title="Pictures, frames, forms",
    intro="Not only links redirect. A picture that does comes late; a form that does may lose what was typed.",
    head="""<link rel="stylesheet" href="/assets/old.css"><script src="/assets/old.js" defer></script>
<link rel="icon" href="/assets/new.svg">""",
    markup="""<p><img src="/assets/old.svg" width="32" height="32" alt="A picture that moved">
  <img src="http://www.shop.example/assets/new.svg" width="32" height="32" alt="A picture over http">
  <img src="/assets/new.svg" srcset="/assets/new.svg 1x, /assets/old-2x.svg 2x" width="32" height="32" alt="One whose large form moved"></p>
<iframe src="/embedded/frame" title="A frame that redirects" width="400" height="120"></iframe>
<form action="/embedded/contact" method="post"><label>A form that posts to a redirect: <input name="message"></label> <button>Send</button>
  <button formaction="/embedded/newsletter">Send elsewhere</button></form>
<form action="/embedded/thanks" method="post"><label>A form that posts to where it ends: <input name="message"></label> <button>Send</button></form>
<form action="/embedded/find"><label>A search that redirects: <input name="q"></label> <button>Find</button></form>""",
    answers=(
        moved("/embedded/frame", 301, PAGE),
        page(PAGE),
        moved("/embedded/contact", 301, "/embedded/thanks", "The contact form's address, opened as a page"),
        moved("/embedded/newsletter", 307, "/embedded/thanks", asked="form"),
        page("/embedded/thanks"),
        moved("/embedded/find", 301, "/embedded/search", "The search form's address, opened as a page"),
        page("/embedded/search"),
        page(
            "/embedded/based/",
            "A page with a base of its own",
            head='<base href="/embedded/elsewhere/">',
            content='<p><a href="here">This link is resolved against the base.</a></p>',
        ),
        moved("/embedded/elsewhere/here", 301, PAGE),
        replace(moved("/assets/old.svg", 301, "/assets/new.svg", asked="assets=1"), refuses_head=True),
        moved("/assets/old-2x.svg", 302, "/assets/new.svg", asked="assets=1"),
        moved("/assets/old.css", 301, "/assets/new.css", asked="assets=1"),
        moved("/assets/old.js", 301, "/assets/new.js", asked="assets=1"),
        _asset("/assets/new.svg", "image/svg+xml", PICTURE),
        _asset("/assets/new.css", "text/css", b"iframe { border: 1px solid; border-radius: 6px }\n"),
        _asset("/assets/new.js", "text/javascript", b'document.documentElement.dataset.ready = "yes";\n'),
    ),
)
