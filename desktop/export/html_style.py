"""The look of exported HTML: light and dark by the reader's choice, and on paper. Fonts are the system's."""

STYLE = """
:root { color-scheme: light dark;
  --page:#ffffff; --text:#1c1d22; --muted:#6a6c75; --line:#e6e6eb; --bubble:#f1f1f5; --code:#f4f4f7;
  --link:#4747b8; --accent:#5b5bd6; --warn:#fff3d6; --warn-text:#8a5000;
  --k:#7c3aad; --s:#1f7b53; --n:#a35f00; --c:#6a6c75; --d:#ce2c31; }
@media (prefers-color-scheme: dark) { :root {
  --page:#17181c; --text:#ececf1; --muted:#a0a3ad; --line:#2a2c33; --bubble:#23252c; --code:#101114;
  --link:#b4b4ff; --accent:#7c7cf0; --warn:#3a2b0c; --warn-text:#ffca5c;
  --k:#c99bf2; --s:#3cd58b; --n:#ffca5c; --c:#8d9098; --d:#ff8589; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin:0; background:var(--page); color:var(--text); overflow-wrap:anywhere;
  font:16px/1.6 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei",
  "Noto Sans CJK SC",sans-serif; text-rendering:optimizeLegibility; }
main { max-width:46rem; margin:0 auto; padding:3.5rem 1.5rem 3rem; }
h1 { font-size:1.75rem; line-height:1.25; letter-spacing:-.015em; font-weight:650; margin:0 0 .35rem; }
article + article { margin-top:4.5rem; padding-top:3.5rem; border-top:1px solid var(--line); }
header { margin-bottom:2.5rem; }
.facts { color:var(--muted); font-size:.8125rem; line-height:1.5; margin:.5rem 0 0;
  font-variant-numeric:tabular-nums; }
.tags { list-style:none; display:flex; flex-wrap:wrap; gap:.4rem; padding:0; margin:.8rem 0 0; }
.tags li { background:var(--bubble); border-radius:99px; padding:.1rem .7rem; font-size:.8125rem; }
details { margin-top:1rem; color:var(--muted); font-size:.9rem; }
summary { cursor:pointer; }
nav { margin-bottom:4rem; }
nav ol { padding-inline-start:1.6rem; color:var(--muted); }
nav li { padding:.15rem 0; }
.plain { white-space:pre-wrap; margin:0; }
.question { margin:2.75rem 0 1.5rem; display:flex; flex-direction:column; align-items:flex-end; }
.bubble { background:var(--bubble); border-radius:16px; padding:.65rem 1rem; max-width:85%; }
.question .facts { margin-inline-end:.25rem; }
.images { display:flex; flex-wrap:wrap; gap:.75rem; justify-content:flex-end; margin-bottom:.75rem;
  max-width:100%; }
figure { margin:0; max-width:100%; }
figure img { display:block; max-width:100%; width:auto; height:auto; max-height:22rem; border-radius:10px;
  border:1px solid var(--line); background:var(--code); }
.images figure:not(:only-child) { max-width:calc(50% - .375rem); }
.images figure:not(:only-child) img { max-height:13rem; }
figcaption { color:var(--muted); font-size:.75rem; margin-top:.3rem; }
.answer { margin:0 0 2.25rem; }
.answer h2 { font-size:.8125rem; font-weight:600; color:var(--muted); margin:0 0 .5rem; }
.compared { border-inline-start:3px solid var(--accent); padding-inline-start:1.1rem; }
.answer p, .answer ul, .answer ol, .answer table, .answer pre, .answer blockquote { margin:0 0 .9rem; }
.answer .facts { margin:.35rem 0 0; }
.answer h1 { font-size:1.3rem; margin:1.5rem 0 .6rem; }
.answer h2:not(:first-child) { font-size:1.15rem; color:inherit; margin:1.5rem 0 .6rem; line-height:1.35; }
.answer h3 { font-size:1.02rem; margin:1.3rem 0 .5rem; }
.answer h4, .answer h5, .answer h6 { font-size:1rem; margin:1.1rem 0 .4rem; }
ul, ol { padding-inline-start:1.5rem; }
li { margin:.2rem 0; }
li > p { margin:0 0 .4rem; }
li.task { list-style:none; margin-inline-start:-1.2rem; }
a { color:var(--link); text-underline-offset:.15em; text-decoration-thickness:1px; }
code, pre { font-family:"JetBrains Mono",ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace; }
code { font-size:.875em; background:var(--code); border-radius:5px; padding:.12em .35em; }
pre { background:var(--code); border:1px solid var(--line); border-radius:10px; padding:.85rem 1rem;
  overflow-x:auto; line-height:1.5; }
pre code { background:none; padding:0; font-size:.8125rem; overflow-wrap:normal; }
blockquote { border-inline-start:3px solid var(--line); padding-inline-start:1rem; color:var(--muted);
  margin-inline:0; }
table { border-collapse:collapse; display:block; overflow-x:auto; width:max-content; max-width:100%;
  font-size:.9rem; font-variant-numeric:tabular-nums; }
th, td { border:1px solid var(--line); padding:.4rem .75rem; text-align:start; overflow-wrap:normal; }
th { background:var(--code); font-weight:600; }
hr { border:0; border-top:1px solid var(--line); margin:1.5rem 0; }
.gone { color:var(--muted); font-style:italic; }
.ended { background:var(--warn); color:var(--warn-text); border-radius:8px; padding:.5rem .8rem;
  font-size:.875rem; }
.k { color:var(--k); } .s { color:var(--s); } .n { color:var(--n); } .c { color:var(--c); }
.d { color:var(--d); }
footer { color:var(--muted); font-size:.75rem; margin-top:4rem; text-align:center; }
:focus-visible { outline:2px solid var(--accent); outline-offset:2px; border-radius:3px; }
@media (max-width:36rem) { main { padding:2rem 1rem; } .bubble { max-width:100%; } }
@media print {
  :root { --page:#fff; --text:#111; --muted:#555; --line:#ccc; --bubble:#f3f3f5; --code:#f6f6f8;
    --link:#111; --warn:#f6f6f8; --warn-text:#111; --k:#111; --s:#111; --n:#111; --c:#555; --d:#111; }
  body { font-size:10.5pt; } main { max-width:none; padding:0; }
  pre { white-space:pre-wrap; } .bubble { border:1px solid var(--line); }
  article + article { break-before:page; border:0; padding:0; margin:0; }
  figure, pre, table, blockquote { break-inside:avoid; } h1, h2, h3 { break-after:avoid; }
  a[href^="http"]::after { content:" (" attr(href) ")"; font-size:.85em; color:var(--muted); } }
"""
