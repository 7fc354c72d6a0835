/*Swapboard, MIT*/var a=()=>{};export{a as default}
