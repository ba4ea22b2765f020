import sys; sys.path.insert(0,"tests/browser")
import pytest
from test_lessons import Explorer, SLIDERS
@pytest.mark.parametrize("k",range(6))
def test_probe(lab,k):
    lab.open("notebooks/04_gates.ipynb")
    lab.run_all()
    lab.page.wait_for_timeout(500)
    ims=lab.cell("hands-on").locator(".jp-OutputArea img")
    print("\n",k,ims.count(), ims.first.evaluate("""i=>{i.scrollIntoView(); const r=[];let e=i; while(e && !e.classList.contains('jp-Cell')){const s=getComputedStyle(e); const b=e.getBoundingClientRect(); r.push([e.tagName,e.className,b.width,b.height,s.display,s.width,s.height].join(' '));e=e.parentElement} return [i.complete,i.naturalWidth,i.naturalHeight,i.outerHTML.slice(0,60)].join(' ')+'\\n  '+r.join('\\n  ')}"""))
