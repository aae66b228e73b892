/* What stands for a profiler: prints what NVTX tells it. */
#include <nvtx3/nvToolsExt.h>

#include <stdio.h>

static void NVTX_API markA(const char *message) {
    printf("mark %s\n", message);
}

static int NVTX_API pushA(const char *message) {
    return printf("push %s\n", message);
}

static int NVTX_API pushEx(const nvtxEventAttributes_t *event) {
    return printf("push %s version %d size %d colour %d %08x\n", event->message.ascii, event->version, event->size,
            event->colorType, event->color);
}

static nvtxRangeId_t NVTX_API startA(const char *message) {
    printf("start %s\n", message);
    return 77;
}

static nvtxRangeId_t NVTX_API startEx(const nvtxEventAttributes_t *event) {
    printf("start %s colour %08x\n", event->message.ascii, event->color);
    return 78;
}

static void NVTX_API end(nvtxRangeId_t id) {
    printf("end %d\n", (int) id);
}

static int NVTX_API pop(void) {
    return printf("pop\n");
}

__attribute__((visibility("default"))) int InitializeInjectionNvtx2(NvtxGetExportTableFunc_t tables) {
    const NvtxExportTableCallbacks *callbacks = tables(NVTX_ETID_CALLBACKS);
    NvtxFunctionTable functions;
    unsigned int count;
    if (!callbacks || !callbacks->GetModuleFunctionTable(NVTX_CB_MODULE_CORE, &functions, &count)
            || count <= NVTX_CBID_CORE_RangePop) {
        return 0;
    }
    setvbuf(stdout, 0, _IONBF, 0);
    *functions[NVTX_CBID_CORE_MarkA] = (NvtxFunctionPointer) markA;
    *functions[NVTX_CBID_CORE_RangePushA] = (NvtxFunctionPointer) pushA;
    *functions[NVTX_CBID_CORE_RangePushEx] = (NvtxFunctionPointer) pushEx;
    *functions[NVTX_CBID_CORE_RangeStartA] = (NvtxFunctionPointer) startA;
    *functions[NVTX_CBID_CORE_RangeStartEx] = (NvtxFunctionPointer) startEx;
    *functions[NVTX_CBID_CORE_RangeEnd] = (NvtxFunctionPointer) end;
    *functions[NVTX_CBID_CORE_RangePop] = (NvtxFunctionPointer) pop;
    return 1;
}
