import time, pytest
@pytest.mark.parametrize("k",[1,2,3])
def test_probe(lab,k):
    t=time.time()
    s=lab.server
    lab.page.goto(f"{s.url}lab/workspaces/x{k}/tree/notebooks/04_gates.ipynb?token={s.token}"); print("goto",time.time()-t)
    lab.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell"); print("cell",time.time()-t)
    lab.page.wait_for_selector("#jupyterlab-splash", state="detached"); print("splash",time.time()-t)
    ready = "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
    lab.page.wait_for_function(ready); print("idle",time.time()-t)
    lab.run_all(); print("run",time.time()-t)
    lab.page.evaluate("()=>{window.p=jupyterapp.commands.execute('docmanager:open',{path:'exercises/04_gates.ipynb'})}")
    lab.page.wait_for_function("()=>jupyterapp.shell.currentWidget?.context?.path=='exercises/04_gates.ipynb' && jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"); print("second",time.time()-t)
