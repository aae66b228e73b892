/* A libnvidia-ml with two GPUs whose values the test knows and changes. What it gives is from NVML's documentation. */
#include "culebra_nvml.h"

#include <stdio.h>
#include <string.h>

#define GPUS 2
#define PROCESSES 64

struct nvmlDevice_st {
    const char *name;
    const char *uuid;
    const char *busId;
    nvmlMemory_t memory;
};

static struct nvmlDevice_st gpus[GPUS] = {
        {"Fake H200", "GPU-00000000-1111-2222-3333-444444444444", "00000000:17:00.0", {150000000000ull, 100000000000ull, 50000000000ull}},
        {"Fake T4", "GPU-55555555-6666-7777-8888-999999999999", "00000000:65:00.0", {16000000000ull, 15999999999ull, 1ull}}};
static int sessions;
static nvmlProcessInfo_t processes[PROCESSES];
static unsigned int processCount;
/* What the next calls return, by the name of their function; growing lists are one entry longer at each call. */
static char failing[64];
static int failure;
static int growing;

void fake_fail(const char *function, int status) {
    snprintf(failing, sizeof failing, "%s", function);
    failure = status;
}

void fake_clear_processes(void) {
    processCount = 0;
}

void fake_add_process(unsigned int pid, unsigned long long bytes) {
    processes[processCount].pid = pid;
    processes[processCount].usedGpuMemory = bytes;
    processCount++;
}

void fake_grow(int on) {
    growing = on;
}

int fake_sessions(void) {
    return sessions;
}

static nvmlReturn_t status(const char *function) {
    return strcmp(function, failing) == 0 ? failure : sessions > 0 ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED;
}

#define CHECK() do { nvmlReturn_t status_ = status(__func__); if (status_ != NVML_SUCCESS) { return status_; } } while (0)

nvmlReturn_t nvmlInit_v2(void) {
    sessions++;
    nvmlReturn_t result = status(__func__);
    sessions -= result != NVML_SUCCESS;
    return result;
}

nvmlReturn_t nvmlShutdown(void) {
    CHECK();
    sessions--;
    return NVML_SUCCESS;
}

const char *nvmlErrorString(nvmlReturn_t result) {
    switch ((int) result) {
        case NVML_ERROR_NOT_SUPPORTED: return "Not Supported";
        case NVML_ERROR_NOT_FOUND: return "Not Found";
        case NVML_ERROR_DRIVER_NOT_LOADED: return "Driver Not Loaded";
        case 777: return 0;
        default: return "Unknown Error";
    }
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length) {
    CHECK();
    snprintf(version, length, "580.65.06");
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count) {
    CHECK();
    *count = GPUS;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) {
    CHECK();
    *device = &gpus[index];
    return NVML_SUCCESS;
}

static nvmlReturn_t find(const char *wanted, size_t offset, nvmlDevice_t *device) {
    for (int i = 0; i < GPUS; i++) {
        if (strcmp(*(const char **) ((const char *) &gpus[i] + offset), wanted) == 0) {
            *device = &gpus[i];
            return NVML_SUCCESS;
        }
    }
    return NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
    CHECK();
    return find(uuid, __builtin_offsetof(struct nvmlDevice_st, uuid), device);
}

nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char *busId, nvmlDevice_t *device) {
    CHECK();
    return find(busId, __builtin_offsetof(struct nvmlDevice_st, busId), device);
}

nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length) {
    CHECK();
    snprintf(name, length, "%s", device->name);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length) {
    CHECK();
    snprintf(uuid, length, "%s", device->uuid);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
    CHECK();
    *memory = device->memory;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization) {
    CHECK();
    utilization->gpu = 37;
    utilization->memory = 21;
    return NVML_SUCCESS;
}

/* One sample for each process, in the order in which they were added; the latest stand first. */
nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t device, nvmlProcessUtilizationSample_t *samples,
        unsigned int *count, unsigned long long lastSeen) {
    CHECK();
    unsigned int room = samples ? *count : 0;
    *count = processCount;
    if (processCount == 0) {
        return NVML_ERROR_NOT_FOUND;
    }
    if (room < processCount) {
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    for (unsigned int i = 0; i < processCount; i++) {
        nvmlProcessUtilizationSample_t sample = {processes[i].pid, 1000 + i, 10 + i, 1 + i, 0, 0};
        samples[processCount - 1 - i] = sample;
    }
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *power) {
    CHECK();
    *power = 123456;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, nvmlTemperatureSensors_t sensor, unsigned int *temperature) {
    CHECK();
    *temperature = sensor == NVML_TEMPERATURE_GPU ? 41 : 0;
    return NVML_SUCCESS;
}

#ifndef OLD_DRIVER
nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos) {
    CHECK();
    unsigned int room = *count;
    *count = growing ? room + 1 : processCount;
    if (*count > room) {
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    memcpy(infos, processes, processCount * sizeof *infos);
    return NVML_SUCCESS;
}
#endif
